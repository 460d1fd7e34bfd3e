using System.Reflection;
using System.Text.Json;
using Microsoft.ML.SearchSpace;
using MLNetExt.Training;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class TrainingOptionsTests
{
    private static readonly PropertyInfo[] Properties = typeof(TrainingOptions).GetProperties();

    [TestMethod]
    public void Defaults_are_valid() => new TrainingOptions().Validate();

    [TestMethod]
    [DataRow(nameof(TrainingOptions.Epochs), 0)]
    [DataRow(nameof(TrainingOptions.MaxSteps), -1L)]
    [DataRow(nameof(TrainingOptions.Optimizer), (OptimizerKind)7)]
    [DataRow(nameof(TrainingOptions.LearningRate), 0.0)]
    [DataRow(nameof(TrainingOptions.LearningRate), double.NaN)]
    [DataRow(nameof(TrainingOptions.Beta1), 1.0)]
    [DataRow(nameof(TrainingOptions.Beta2), -0.1)]
    [DataRow(nameof(TrainingOptions.Epsilon), 0.0)]
    [DataRow(nameof(TrainingOptions.Momentum), 1.0)]
    [DataRow(nameof(TrainingOptions.WeightDecay), double.PositiveInfinity)]
    [DataRow(nameof(TrainingOptions.WarmupFraction), 1.1)]
    [DataRow(nameof(TrainingOptions.WarmupSteps), -1L)]
    [DataRow(nameof(TrainingOptions.FinalLearningRateFraction), -0.1)]
    [DataRow(nameof(TrainingOptions.MaxGradientNorm), -1.0)]
    [DataRow(nameof(TrainingOptions.GradientAccumulationSteps), 0)]
    [DataRow(nameof(TrainingOptions.ValidationInterval), 0)]
    [DataRow(nameof(TrainingOptions.EarlyStoppingPatience), -1)]
    [DataRow(nameof(TrainingOptions.CheckpointInterval), -1)]
    [DataRow(nameof(TrainingOptions.CheckpointsToKeep), 0)]
    [DataRow(nameof(TrainingOptions.CheckpointFolder), "")]
    public void A_value_outside_its_range_is_named(string option, object value)
    {
        var options = new TrainingOptions();
        typeof(TrainingOptions).GetProperty(option)!.SetValue(options, value);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(options.Validate);
        Assert.AreEqual(option, error.ParamName);
    }

    [TestMethod]
    public void Resume_needs_a_folder()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new TrainingOptions { Resume = true }.Validate());
        StringAssert.Contains(error.Message, nameof(TrainingOptions.CheckpointFolder));
    }

    [TestMethod]
    public void Json_keeps_every_option_but_those_of_the_run()
    {
        var options = new TrainingOptions
        {
            Epochs = 7,
            Optimizer = OptimizerKind.SgdNesterov,
            LearningRate = 0.123,
            CheckpointFolder = "x",
            RestoreBestWeights = false,
            MaxSteps = 5,
            Progress = new Recorder(),
            CancellationToken = new(true),
        };
        string json = JsonSerializer.Serialize(options);
        var back = JsonSerializer.Deserialize<TrainingOptions>(json)!;
        Assert.AreEqual(json, JsonSerializer.Serialize(back));
        Assert.AreEqual(OptimizerKind.SgdNesterov, back.Optimizer);
        Assert.IsNull(back.Progress);
        Assert.IsFalse(back.CancellationToken.IsCancellationRequested);
        StringAssert.Contains(json, "SgdNesterov");
    }

    [TestMethod]
    public void Search_ranges_contain_the_defaults_and_are_valid()
    {
        var searched = Properties.Where(p => p.GetCustomAttribute<RangeAttribute>() is not null).ToList();
        Assert.IsGreaterThanOrEqualTo(4, searched.Count);
        foreach (var property in searched)
        {
            var range = property.GetCustomAttribute<RangeAttribute>()!;
            Assert.AreEqual(property.PropertyType, range.Min.GetType());
            Assert.AreEqual(property.GetValue(new TrainingOptions()), range.Init, property.Name);
            foreach (object edge in new[] { range.Min, range.Max })
            {
                var options = new TrainingOptions();
                property.SetValue(options, edge);
                options.Validate();
            }
            Assert.IsTrue(property.CanWrite);
        }
    }
}
