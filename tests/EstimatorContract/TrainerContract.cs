using Microsoft.ML;
using MLNetExt.Training;

namespace MLNetExt.Tests.Contract;

/// <summary>What every estimator that trains with <see cref="TrainingLoop"/> owes its users beside <see cref="EstimatorContract{TOptions, TRow, TPrediction}"/>.</summary>
/// <remarks>The options of <c>Options()</c> must train for at least 2 epochs of at least 4 steps.</remarks>
public abstract partial class TrainerContract<TOptions, TRow, TPrediction> : EstimatorContract<TOptions, TRow, TPrediction>
    where TOptions : class, new()
    where TRow : class, new()
    where TPrediction : class, IPrediction, new()
{
    /// <summary>The loop's part of the options.</summary>
    protected abstract TrainingOptions Training(TOptions options);

    /// <summary>Sets the seed; null to draw it from the MLContext.</summary>
    protected abstract void SetSeed(TOptions options, int? seed);

    /// <summary>Sets how many bytes of rows may be held in memory.</summary>
    protected abstract void SetMemoryBudget(TOptions options, long bytes);

    /// <summary>The ways in which a row can be unusable.</summary>
    protected abstract IEnumerable<BadRow<TRow>> BadRows { get; }

    /// <summary>Options with a change, for one-line use.</summary>
    protected TOptions With(Action<TOptions> change)
    {
        TOptions options = Options();
        change(options);
        return options;
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        string Weigh(int seed)
        {
            using Fitted fitted = Fit(With(o => SetSeed(o, seed)));
            return Weights(fitted);
        }

        string first = Weigh(11);
        Assert.AreEqual(first, Weigh(11), "the same seed gave other weights");
        Assert.AreNotEqual(first, Weigh(12), "another seed gave the same weights");
    }

    [TestMethod]
    public void Without_a_seed_the_context_decides()
    {
        string Weigh(int contextSeed)
        {
            var ml = new MLContext(contextSeed);
            using var fitted = new Fitted(ml, Create(ml, With(o => SetSeed(o, null))).Fit(Data(ml)));
            return Weights(fitted);
        }

        string first = Weigh(1);
        Assert.AreEqual(first, Weigh(1), "the same context seed gave other weights");
        Assert.AreNotEqual(first, Weigh(2), "another context seed gave the same weights");
    }

    [TestMethod]
    public void Streamed_training_gives_the_weights_of_cached_training()
    {
        using Fitted cached = Fit(With(o => SetMemoryBudget(o, 1L << 30)));
        using Fitted streamed = Fit(With(o => SetMemoryBudget(o, 0)));
        Assert.AreEqual(Weights(cached), Weights(streamed), "streaming the rows changes the weights");
    }

    [TestMethod]
    public void Data_without_rows_are_refused()
    {
        var ml = new MLContext(seed: 1);
        var error = Assert.Throws<ArgumentException>(() => Create(ml, Options()).Fit(Data(ml, [])), "empty data was accepted");
        Assert.Contains("no rows", error.Message);
    }

    [TestMethod]
    public void An_unusable_row_is_named_with_its_column()
    {
        const int Row = 9;
        foreach (BadRow<TRow> bad in BadRows)
        {
            TRow[] rows = Rows();
            bad.Break(rows[Row]);
            var error = Assert.ThrowsExactly<InvalidDataException>(() => Fit(rows: rows), $"{bad.What} was accepted");
            Assert.Contains($"row {Row}", error.Message, bad.What);
            Assert.Contains($"'{bad.Column}'", error.Message, bad.What);
        }
    }

    [TestMethod]
    public void Each_epoch_is_logged_once()
    {
        var ml = new MLContext(seed: 1);
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.Message);
        TOptions options = Options();
        new Fitted(ml, Create(ml, options).Fit(Data(ml))).Dispose();
        int epochs = Training(options).Epochs;
        for (int epoch = 1; epoch <= epochs; epoch++)
            Assert.ContainsSingle(m => m.Contains($"Epoch {epoch} of {epochs}: loss ", StringComparison.Ordinal), messages, $"log of epoch {epoch}");
    }

    [TestMethod]
    public void Points_of_the_search_space_train()
    {
        var random = new Random(5);
        for (int i = 0; i < 5; i++)
        {
            TOptions options = With(o => SearchPoint.Draw(o, random));
            Training(options).Epochs = 1;
            Training(options).MaxSteps = 2;
            using Fitted fitted = Fit(options);
            Assert.IsNotEmpty(Outputs(fitted).Rows, $"point {i}");
        }
    }
}
