using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class EvaluateMaskedTests
{
    private const int Vocabulary = 9;

    private static readonly MaskedRow[] s_rows = MaskedRow.Random(20, Vocabulary);

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(256)]
    public void Losses_and_drift_are_those_of_the_formula_at_any_batch_size(int batchSize)
    {
        var model = new ScriptedEncoder();
        MaskedMetrics metrics = _ml.LanguageModeling.EvaluateMasked(
            model, MaskedRow.Load(_ml, s_rows), new MaskedEvaluationOptions { KeptColumnName = "Kept", TokenTypesColumnName = "Types", BatchSize = batchSize });
        MaskedRow[] rows = [.. s_rows.Where(row => row.MaskLabels.Any(label => label >= 0))];
        MaskedTokenScores[] full = [.. rows.Select(row => ScriptedEncoder.Answer(row.Sequence(types: true)))], dropped = [.. rows.Select(row => ScriptedEncoder.Answer(row.Sequence(kept: true, types: true)))];
        Assert.AreEqual(-Mean(full), metrics.Loss, 1e-6);
        Assert.AreEqual(-Mean(dropped), metrics.DroppedLoss!.Value, 1e-6);
        Assert.AreNotEqual(metrics.Loss, metrics.DroppedLoss.Value, 1e-3);
        Assert.AreEqual(Math.Exp(metrics.Loss), metrics.Perplexity, 1e-9);
        RepresentationDrift drift = RepresentationDrift.Of(full.Zip(dropped, (f, d) => (f.Vectors, d.Vectors)), 2);
        Assert.AreEqual(drift.RelativeDistance, metrics.Drift!.RelativeDistance, 1e-12);
        Assert.AreEqual(drift.Divergence, metrics.Drift.Divergence, 1e-12);
        Assert.IsGreaterThan(0.01, drift.RelativeDistance);
        Assert.AreEqual((14, 6), (metrics.RowCount, metrics.EmptyRows));
        Assert.AreEqual(rows.Sum(row => row.MaskLabels.Count(label => label >= 0)), metrics.TokenCount);
        Assert.IsTrue(model.Calls.All(call => call.Rows <= batchSize && call.WithVectors));

        static double Mean(MaskedTokenScores[] scores) => scores.SelectMany(s => s.LogProbabilities).Average(p => (double)p);
    }

    [TestMethod]
    public void Without_kept_places_there_is_one_pass_and_no_vector()
    {
        var model = new ScriptedEncoder();
        MaskedMetrics metrics = _ml.LanguageModeling.EvaluateMasked(model, MaskedRow.Load(_ml, s_rows));
        Assert.IsNull(metrics.DroppedLoss);
        Assert.IsNull(metrics.Drift);
        CollectionAssert.AreEqual(new[] { (14, false) }, model.Calls);
    }

    [TestMethod]
    public void A_model_that_reads_kinds_must_be_given_them()
    {
        var model = new ScriptedEncoder { ReadsTypes = true };
        Assert.Contains("set TokenTypesColumnName", Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.EvaluateMasked(model, MaskedRow.Load(_ml, s_rows))).Message);
        double with = _ml.LanguageModeling.EvaluateMasked(model, MaskedRow.Load(_ml, s_rows), tokenTypesColumnName: "Types").Loss;
        Assert.AreNotEqual(with, _ml.LanguageModeling.EvaluateMasked(new ScriptedEncoder(), MaskedRow.Load(_ml, s_rows)).Loss, 1e-3);
    }

    [TestMethod]
    [DataRow("Missing", "MaskLabels", null, null, "no input column 'Missing'")]
    [DataRow("Features", "MaskLabels", null, null, "input column 'Features' must be a vector of Int32")]
    [DataRow("MaskedTokens", "Missing", null, null, "no label column 'Missing'")]
    [DataRow("MaskedTokens", "Features", null, null, "label column 'Features' must be a vector of Int32")]
    [DataRow("MaskedTokens", "MaskLabels", "Missing", null, "no kept column 'Missing'")]
    [DataRow("MaskedTokens", "MaskLabels", "Features", null, "kept column 'Features' must be a vector of Int32")]
    [DataRow("MaskedTokens", "MaskLabels", null, "Missing", "no token type column 'Missing'")]
    [DataRow("MaskedTokens", "MaskLabels", null, "Features", "token type column 'Features' must be a vector of Int32")]
    public void Wrong_columns_are_named(string inputs, string labels, string? kept, string? types, string message) => Assert.Contains(
        message, Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.EvaluateMasked(new ScriptedEncoder(), MaskedRow.Load(_ml, s_rows), inputs, labels, kept, types)).Message);

    [TestMethod]
    public void Wrong_options_are_named()
    {
        void Refused<T>(string message, MaskedEvaluationOptions options)
            where T : ArgumentException => Assert.Contains(
                message, Assert.ThrowsExactly<T>(() => _ml.LanguageModeling.EvaluateMasked(new ScriptedEncoder(), MaskedRow.Load(_ml, s_rows), options)).Message);
        Refused<ArgumentOutOfRangeException>("BatchSize", new() { BatchSize = 0 });
        Refused<ArgumentException>("InputColumnName", new() { InputColumnName = " " });
        Refused<ArgumentException>("LabelColumnName", new() { LabelColumnName = "" });
        Refused<ArgumentException>("KeptColumnName", new() { KeptColumnName = "" });
        Refused<ArgumentException>("TokenTypesColumnName", new() { TokenTypesColumnName = "" });
    }

    [TestMethod]
    public void Rows_that_cannot_be_read_are_named()
    {
        Refused("Token 1 of row 1 (0-based) of column 'MaskedTokens' is 9", new() { MaskedTokens = [1, 9], MaskLabels = [1, -1], Kept = [0], Types = [0, 0] });
        Refused("9 tokens in row 1 (0-based)", new() { MaskedTokens = new int[9], MaskLabels = new int[9], Kept = [0], Types = new int[9] });
        Refused("has 1 labels for the 2 tokens of row 1", new() { MaskedTokens = [1, 2], MaskLabels = [1], Kept = [0], Types = [0, 0] });
        Refused("has 1 labels for the 0 tokens of row 1", new() { MaskLabels = [1] });
        Refused("holds 9 for row 1", new() { MaskedTokens = [1], MaskLabels = [9], Kept = [0], Types = [0] });
        Refused("'Types' has 1 kinds for the 2 tokens of row 1", new() { MaskedTokens = [1, 2], MaskLabels = [1, -1], Kept = [0], Types = [0] });
        foreach (int[] kept in new int[][] { [], [2], [-1], [1, 1] })
            Refused("'Kept' must hold one or more places of row 1", new() { MaskedTokens = [1, 2], MaskLabels = [1, -1], Kept = kept, Types = [0, 0] });

        void Refused(string message, MaskedRow row) => Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.EvaluateMasked(
            new ScriptedEncoder(), MaskedRow.Load(_ml, s_rows[0], row), keptColumnName: "Kept", tokenTypesColumnName: "Types")).Message);
    }

    [TestMethod]
    public void Answers_that_cannot_be_are_refused()
    {
        Refused("The model gave NaN", scores => scores with { LogProbabilities = [.. scores.LogProbabilities.Select(_ => float.NaN)] });
        Refused("The model gave 0.5", scores => scores with { LogProbabilities = [.. scores.LogProbabilities.Select(_ => 0.5f)] });
        Refused("0 log-probabilities for the", scores => scores with { LogProbabilities = [] });

        void Refused(string message, Func<MaskedTokenScores, MaskedTokenScores> change) => Assert.Contains(message, Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.LanguageModeling.EvaluateMasked(new ScriptedEncoder { Change = change }, MaskedRow.Load(_ml, s_rows))).Message);
    }

    [TestMethod]
    public void Data_without_a_label_have_nothing_to_predict()
    {
        MaskedRow row = new() { MaskedTokens = [1, 2], MaskLabels = [-100, -1] };
        Assert.Contains(
            "Column 'MaskLabels' has no label in 2 rows", Assert.ThrowsExactly<InvalidOperationException>(() => _ml.LanguageModeling.EvaluateMasked(new ScriptedEncoder(), MaskedRow.Load(_ml, row, new()))).Message);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.LanguageModeling.EvaluateMasked(new ScriptedEncoder(), MaskedRow.Load(_ml)));
    }

    [TestMethod]
    public void Progress_reaches_the_end_and_cancellation_ends_between_batches()
    {
        var progress = new Recorder<EvaluationProgress>();
        var options = new MaskedEvaluationOptions { BatchSize = 3, Progress = progress };
        _ml.LanguageModeling.EvaluateMasked(new ScriptedEncoder(), MaskedRow.Load(_ml, s_rows), options);
        long tokens = s_rows.Where(row => row.MaskLabels.Any(label => label >= 0)).Sum(row => row.MaskedTokens.Length);
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Masked, 20, 20, tokens), progress.Reports[^1]);
        Assert.HasCount(5, progress.Reports);

        using var cancellation = new CancellationTokenSource();
        (options.Progress, options.CancellationToken) = (new Recorder<EvaluationProgress>(_ => cancellation.Cancel()), cancellation.Token);
        var model = new ScriptedEncoder();
        Assert.ThrowsExactly<OperationCanceledException>(() => _ml.LanguageModeling.EvaluateMasked(model, MaskedRow.Load(_ml, s_rows), options));
        Assert.HasCount(1, model.Calls);
    }
}
