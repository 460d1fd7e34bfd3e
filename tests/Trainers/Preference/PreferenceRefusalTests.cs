using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Tests.LanguageModeling;

namespace MLNetExt.Tests.Preference;

/// <summary>What trainers of preferences refuse by name.</summary>
[TestClass]
public sealed class PreferenceRefusalTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Ids_outside_the_vocabulary_are_named_by_column_and_row(bool precompute)
    {
        var ml = new MLContext(seed: 1);
        TokenRow[] rows = [.. Enumerable.Range(0, 24).Select(_ => new TokenRow { Prompt = [97, 98], Chosen = [99, 100], Rejected = [101, 102] })];
        rows[20].Rejected = [101, 1_000];
        var options = new DirectPreferenceOptions { Model = StartModel.Get(), PrecomputeReference = precompute };
        var error = Assert.Throws<InvalidDataException>(() => ml.Preference.Trainers.DirectPreference(options).Fit(View(ml, rows)));
        Assert.Contains("Column 'Rejected' has the id 1000 in slot 1 of row 20", error.Message);
    }

    [TestMethod]
    public void A_reference_that_cannot_be_used_is_named()
    {
        CausalLanguageModelTransformer disposed = TinyModel.Fit(epochs: 1);
        disposed.Dispose();
        Refused<ObjectDisposedException>(new DirectPreferenceOptions { Model = StartModel.Get(), Reference = disposed }, "Reference");
        using CausalLanguageModelTransformer shorter = TinyModel.Fit(epochs: 1, change: o => o.Network.ContextLength = 16);
        Refused<ArgumentException>(new DirectPreferenceOptions { Model = StartModel.Get(), Reference = shorter }, "Reference reads 16 tokens");
        new MLContext().Preference.Trainers.DirectPreference(new DirectPreferenceOptions { Model = StartModel.Get(), Reference = shorter, MaxLength = 16 });
        using CausalLanguageModelTransformer padded = StartModel.Padded(8);
        Refused<ArgumentException>(new DirectPreferenceOptions { Model = padded, Reference = StartModel.Get() }, "Reference knows");
    }

    [TestMethod]
    public void Options_that_contradict_each_other_are_named()
    {
        Refused<ArgumentException>(new PairwiseCringeOptions { Model = StartModel.Get(), RejectedColumnName = "Chosen" }, "ChosenColumnName and RejectedColumnName");
        Refused<ArgumentException>(new DirectPreferenceOptions { Model = StartModel.Get(), Loss = PreferenceLoss.Ipo, LabelSmoothing = 0.1 }, "LabelSmoothing");
        Refused<ArgumentException>(new DirectPreferenceOptions { Model = StartModel.Get(), Loss = PreferenceLoss.Kto, CompletionColumnName = "Completion", BatchSize = 1 }, "BatchSize");
        new MLContext().Preference.Trainers.DirectPreference(new DirectPreferenceOptions { Model = StartModel.Get(), Loss = PreferenceLoss.Kto, BatchSize = 1 });
    }

    [TestMethod]
    public void Without_a_desired_completion_plain_fine_tuning_is_refused()
    {
        var ml = new MLContext(seed: 1);
        var options = new DirectPreferenceOptions { Model = StartModel.Get(), Loss = PreferenceLoss.ChosenOnly, CompletionColumnName = "Completion" };
        PreferenceRow[] undesired = PreferenceRow.Many(12);
        foreach (PreferenceRow row in undesired)
            row.Label = false;
        IDataView none = ml.Data.LoadFromEnumerable(undesired), some = ml.Data.LoadFromEnumerable(PreferenceRow.Many(12));
        DirectPreferenceTrainer trainer = ml.Preference.Trainers.DirectPreference(options);
        Assert.Contains("false in every row of the training data", Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(none)).Message);
        Assert.Contains("false in every row of the validation data", Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(some, none)).Message);
    }

    [TestMethod]
    [DataRow(PreferenceLoss.SimPo, 2.0)]
    [DataRow(PreferenceLoss.Dpo, 0.1)]
    [DataRow(PreferenceLoss.Ipo, 0.1)]
    public void Beta_is_that_of_the_loss_until_it_is_set(PreferenceLoss loss, double expected)
    {
        Assert.AreEqual(expected, new DirectPreferenceOptions { Loss = loss }.Beta);
        Assert.AreEqual(0.7, new DirectPreferenceOptions { Beta = 0.7, Loss = loss }.Beta);
    }

    [TestMethod]
    public void Only_tokens_that_end_a_text_or_are_ordinary_are_candidates()
    {
        CausalModel start = StartModel.Get().Model;
        int[] special = [.. start.State.Tokens!.SpecialTokens.Values];
        int vocabulary = start.State.Network.VocabularySize;
        using CausalLanguageModelTransformer padded = StartModel.Padded(3);
        IReadOnlyList<int> excluded = CringeChoice.Contrast(new PairwiseCringeOptions { Model = padded }, 5, false).ExcludedTokens;
        CollectionAssert.AreEquivalent(special.Except(start.State.EndIds).Concat(Enumerable.Range(vocabulary, 3)).ToArray(), excluded.ToArray());
        using var other = new CausalLanguageModelTransformer(CausalModel.Copy(start.State with { EndIds = [special[^1]] }, start.Network));
        CollectionAssert.AreEquivalent(special[..^1], CringeChoice.Contrast(new PairwiseCringeOptions { Model = other }, 5, false).ExcludedTokens.ToArray());
    }

    private static void Refused<T>(PreferenceTrainerOptions options, string expected)
        where T : Exception
    {
        var catalog = new MLContext().Preference.Trainers;
        var error = Assert.ThrowsExactly<T>(() => _ = options is DirectPreferenceOptions direct ? (object)catalog.DirectPreference(direct) : catalog.PairwiseCringe((PairwiseCringeOptions)options));
        Assert.Contains(expected, error.Message);
    }

    private static IDataView View(MLContext ml, TokenRow[] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TokenRow));
        foreach (SchemaDefinition.Column column in schema)
            StartModel.Get().Model.State.Tokens!.AddTo(column);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class TokenRow
    {
        public int[] Prompt { get; set; } = [];

        public int[] Chosen { get; set; } = [];

        public int[] Rejected { get; set; } = [];
    }
}
