using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Evaluation;
using Model = Microsoft.ML.Data.TransformerChain<Microsoft.ML.Data.MulticlassPredictionTransformer<Microsoft.ML.Trainers.MaximumEntropyModelParameters>>;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class EvaluateCalibrationTests
{
    private static readonly string[] Classes = ["a", "b", "c"];

    private readonly MLContext _ml = new(seed: 1);

    private sealed class Point
    {
        public string Class { get; set; } = "";
        [VectorType(2)] public float[] Features { get; set; } = [];
        public bool Label { get; set; }
    }

    private sealed class Scored
    {
        [KeyType(3)] public uint Label { get; set; }
        public bool Truth { get; set; }
        [VectorType(3)] public float[] Score { get; set; } = [];
        public float Probability { get; set; }
        [VectorType] public float[] Unsized { get; set; } = [];
    }

    // LoadFromEnumerable counts keys from 0 and takes a value beyond the count for missing.
    private static readonly Scored[] Rows =
    [
        new() { Label = 0, Truth = true, Score = [0.8f, 0.1f, 0.1f], Probability = 0.8f },
        new() { Label = 3, Truth = false, Score = [0.3f, 0.6f, 0.1f], Probability = 0.4f },
        new() { Label = 2, Truth = true, Score = [0.25f, 0.5f, 0.25f], Probability = 0.3f },
    ];

    [TestMethod]
    public void Multiclass_EqualsThePureFunction()
    {
        CalibrationMetrics expected = Calibration.Evaluate<float>([.. Rows.SelectMany(row => row.Score)], 3, [0, -1, 2], bins: 7);
        CalibrationMetrics actual = _ml.MulticlassClassification.EvaluateCalibration(_ml.Data.LoadFromEnumerable(Rows), bins: 7);
        MetricsAssert.AreEqual(expected, actual, 0);
        Assert.AreEqual(1, actual.SkippedRows);
    }

    [TestMethod]
    public void Binary_EqualsThePureFunction()
    {
        CalibrationMetrics expected = Calibration.EvaluateBinary<float>([0.8f, 0.4f, 0.3f], [true, false, true]);
        CalibrationMetrics actual = _ml.BinaryClassification.EvaluateCalibration(_ml.Data.LoadFromEnumerable(Rows), "Truth");
        MetricsAssert.AreEqual(expected, actual, 0);
    }

    [TestMethod]
    public void MulticlassModel_AgreesWithMLNetsOwnEvaluator()
    {
        IDataView scored = Train(Points(500, seed: 1)).Transform(Points(200, seed: 2));
        MulticlassClassificationMetrics theirs = _ml.MulticlassClassification.Evaluate(scored);
        CalibrationMetrics ours = _ml.MulticlassClassification.EvaluateCalibration(scored);
        Assert.AreEqual(theirs.LogLoss, ours.LogLoss, 1e-7);
        Assert.AreEqual(theirs.MicroAccuracy, ours.Accuracy, 1e-12);
        Assert.AreEqual(200, ours.RowCount);
    }

    [TestMethod]
    public void BinaryModel_AgreesWithMLNetsOwnEvaluator()
    {
        var model = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(Points(500, seed: 1));
        IDataView scored = model.Transform(Points(200, seed: 2));
        CalibratedBinaryClassificationMetrics theirs = _ml.BinaryClassification.Evaluate(scored);
        CalibrationMetrics ours = _ml.BinaryClassification.EvaluateCalibration(scored);
        Assert.AreEqual(theirs.Accuracy, ours.Accuracy, 1e-12);
        // ML.NET prints log-loss in bits for two classes, and in nats for more.
        Assert.AreEqual(theirs.LogLoss * Math.Log(2), ours.LogLoss, 1e-6);
    }

    [TestMethod]
    public void LabelKeysInAnotherOrder_AreMatchedByValue()
    {
        Model model = Train(Points(500, seed: 1));
        IDataView points = Points(200, seed: 2);
        CalibrationMetrics expected = _ml.MulticlassClassification.EvaluateCalibration(model.Transform(points));

        IDataView reordered = WithKeys(model.Transform(points), ["c", "a", "b"]);
        MetricsAssert.AreEqual(expected, _ml.MulticlassClassification.EvaluateCalibration(reordered, "Other"), 0);
    }

    [TestMethod]
    public void LabelKeysThatLackAClassOrHaveANewOne_AreMatchedByValue()
    {
        Model model = Train(Points(500, seed: 1));
        IDataView scored = model.Transform(Points(200, seed: 2));
        long rowsOfC = scored.GetColumn<string>("Class").Count(name => name == "c");

        // "c" is not in this mapping: its rows have no label. "new" is in it, but in no row.
        CalibrationMetrics metrics = _ml.MulticlassClassification.EvaluateCalibration(WithKeys(scored, ["new", "b", "a"]), "Other");
        Assert.AreEqual(rowsOfC, metrics.SkippedRows);
        Assert.AreEqual(0, metrics.UnknownClassRows);

        Model twoClasses = Train(_ml.Data.FilterRowsByMissingValues(
            _ml.Data.LoadFromEnumerable(PointList(500, seed: 1).Where(point => point.Class != "c")), "Features"), ["a", "b"]);
        IDataView unseen = WithKeys(twoClasses.Transform(Points(200, seed: 2)), Classes);
        CalibrationMetrics withUnseen = _ml.MulticlassClassification.EvaluateCalibration(unseen, "Other");
        Assert.AreEqual(rowsOfC, withUnseen.UnknownClassRows);
        Assert.AreEqual(200, withUnseen.RowCount);
    }

    [TestMethod]
    public void LabelKeysOfNumbers_AreMatchedByValue()
    {
        List<Point> list = PointList(300, seed: 1);
        foreach (Point point in list)
            point.Class = point.Class switch { "a" => "0.5", "b" => "1.5", _ => "2.5" };
        IDataView points = _ml.Data.LoadFromEnumerable(list);
        IDataView numbers = _ml.Transforms.Conversion.ConvertType("Number", "Class").Fit(points).Transform(points);
        IDataView labelled = Keys("Label", numbers, [0.5f, 1.5f, 2.5f]);
        IDataView scored = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(labelled).Transform(labelled);
        CalibrationMetrics expected = _ml.MulticlassClassification.EvaluateCalibration(scored);
        Assert.IsGreaterThan(0.6, expected.Accuracy);

        IDataView reordered = Keys("Other", scored, [2.5f, 0.5f, 1.5f]);
        MetricsAssert.AreEqual(expected, _ml.MulticlassClassification.EvaluateCalibration(reordered, "Other"), 0);

        IDataView Keys(string column, IDataView data, float[] order)
        {
            IDataView keys = _ml.Data.LoadFromEnumerable(order.Select(value => new { Value = value }));
            return _ml.Transforms.Conversion.MapValueToKey(column, "Number", keyData: keys).Fit(data).Transform(data);
        }
    }

    [TestMethod]
    public void LabelClassesWithNothingInCommon_AreRefused()
    {
        IDataView scored = Train(Points(100, seed: 1)).Transform(Points(10, seed: 2));
        var exception = Assert.ThrowsExactly<ArgumentException>(
            () => _ml.MulticlassClassification.EvaluateCalibration(WithKeys(scored, ["x", "y", "z"]), "Other"));
        Assert.Contains("'Other' has the classes 'x', 'y', 'z'", exception.Message);
        Assert.Contains("'a', 'b', 'c'", exception.Message);
    }

    [TestMethod]
    public void ClassCountsThatDiffer_WithoutNames_AreRefused()
    {
        var rows = _ml.Data.LoadFromEnumerable(new[] { new FourKeys { Label = 1, Score = [0.5f, 0.25f, 0.25f] } });
        var exception = Assert.ThrowsExactly<ArgumentException>(() => _ml.MulticlassClassification.EvaluateCalibration(rows));
        Assert.Contains("has 4 classes and the score column 'Score' 3", exception.Message);
    }

    [TestMethod]
    [DataRow("Nope", "Score", "no label column 'Nope'")]
    [DataRow("Label", "Nope", "no score column 'Nope'")]
    [DataRow("Probability", "Score", "'Probability' must be a key, but is Single")]
    [DataRow("Label", "Probability", "'Probability' must be a vector of Single")]
    [DataRow("Label", "Unsized", "'Unsized' must be a vector of Single of known size")]
    public void Multiclass_WrongColumns_AreNamed(string label, string score, string message)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows);
        var exception = Assert.ThrowsExactly<ArgumentException>(() => _ml.MulticlassClassification.EvaluateCalibration(data, label, score));
        Assert.Contains(message, exception.Message);
    }

    [TestMethod]
    [DataRow("Label", "Probability", "'Label' must be Boolean")]
    [DataRow("Truth", "Score", "'Score' must be Single")]
    [DataRow("Truth", "Nope", "no probability column 'Nope'")]
    public void Binary_WrongColumns_AreNamed(string label, string probability, string message)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows);
        var exception = Assert.ThrowsExactly<ArgumentException>(() => _ml.BinaryClassification.EvaluateCalibration(data, label, probability));
        Assert.Contains(message, exception.Message);
    }

    [TestMethod]
    public void ScoresThatAreMargins_AreRefused_NamingColumnAndRow()
    {
        Scored[] rows = [.. Rows, new() { Label = 1, Score = [2.5f, -1, 0.25f], Probability = 2.5f }];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var multiclass = Assert.ThrowsExactly<ArgumentException>(() => _ml.MulticlassClassification.EvaluateCalibration(data));
        Assert.Contains("Row 3: column 'Score' must be class probabilities", multiclass.Message);
        var binary = Assert.ThrowsExactly<ArgumentException>(() => _ml.BinaryClassification.EvaluateCalibration(data, "Truth"));
        Assert.Contains("Row 3: column 'Probability'", binary.Message);
    }

    [TestMethod]
    public void NaiveBayes_WhoseScoresAreNoProbabilities_IsRefused()
    {
        IDataView labelled = WithKeys(Points(100, seed: 1), Classes);
        IDataView scored = _ml.MulticlassClassification.Trainers.NaiveBayes("Other").Fit(labelled).Transform(labelled);
        var exception = Assert.ThrowsExactly<ArgumentException>(() => _ml.MulticlassClassification.EvaluateCalibration(scored, "Other"));
        Assert.Contains("Row 0: column 'Score' must be class probabilities", exception.Message);
    }

    [TestMethod]
    public void OneVersusAll_OfCalibratedTrainers_IsAccepted()
    {
        IDataView labelled = WithKeys(Points(300, seed: 1), Classes);
        var trainer = _ml.MulticlassClassification.Trainers.OneVersusAll(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Other"), "Other");
        CalibrationMetrics metrics = _ml.MulticlassClassification.EvaluateCalibration(trainer.Fit(labelled).Transform(labelled), "Other");
        Assert.AreEqual(300, metrics.RowCount);
        Assert.IsGreaterThan(0.6, metrics.Accuracy);
    }

    [TestMethod]
    public void EmptyData_IsRefused()
    {
        IDataView empty = _ml.Data.LoadFromEnumerable(Array.Empty<Scored>());
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.MulticlassClassification.EvaluateCalibration(empty));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.BinaryClassification.EvaluateCalibration(empty, "Truth"));
    }

    [TestMethod]
    public void Evaluation_AllocatesNothingPerRow()
    {
        long Allocated(int rows)
        {
            var data = new ConstantRows(rows);
            _ml.MulticlassClassification.EvaluateCalibration(data);
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ml.MulticlassClassification.EvaluateCalibration(data);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.AreEqual(Allocated(10), Allocated(100_000));
    }

    private sealed class FourKeys
    {
        [KeyType(4)] public uint Label { get; set; }
        [VectorType(3)] public float[] Score { get; set; } = [];
    }

    private Model Train(IDataView points, string[]? order = null)
    {
        IDataView keys = _ml.Data.LoadFromEnumerable((order ?? Classes).Select(name => new { Name = name }));
        return _ml.Transforms.Conversion.MapValueToKey("Label", "Class", keyData: keys)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Fit(points);
    }

    private IDataView WithKeys(IDataView scored, string[] order)
    {
        IDataView keys = _ml.Data.LoadFromEnumerable(order.Select(name => new { Name = name }));
        return _ml.Transforms.Conversion.MapValueToKey("Other", "Class", keyData: keys).Fit(scored).Transform(scored);
    }

    private IDataView Points(int count, int seed) => _ml.Data.LoadFromEnumerable(PointList(count, seed));

    /// <summary>Three overlapping clouds, so that no model is certain.</summary>
    private static List<Point> PointList(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int cloud = random.Next(3);
            return new Point
            {
                Class = Classes[cloud],
                Label = cloud == 2,
                Features = [cloud + (float)random.NextDouble() * 2, (cloud == 1 ? 1 : 0) + (float)random.NextDouble() * 2],
            };
        })];
    }
}
