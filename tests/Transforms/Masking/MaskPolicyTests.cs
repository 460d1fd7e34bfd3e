using MLNetExt.Columns;
using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

[TestClass]
public sealed class MaskPolicyTests
{
    private const int Vocabulary = 40;
    private const int Mask = 4;
    private static readonly MaskVocabulary s_vocabulary = new(Vocabulary, Mask) { SpecialIds = [0, 1, 2, 3], ContinuationIds = [12, 13, 14, 20, 25] };
    private static readonly int[] s_row = [2, .. Enumerable.Range(10, 20), 3, 0, 0];

    [TestMethod]
    public void Corruption_is_what_another_program_made_of_the_definition()
    {
        // Computed by a Python program of the formulas in docs/masking.md.
        Assert.AreEqual(17551024744308317383UL, MaskPolicy.RowHash(s_row));
        Assert.AreEqual(16294208416658607535UL, MaskPolicy.RowHash([]));
        AreEqual(
            new() { Rate = 0.4, Seed = 7 }, epoch: 0,
            [2, 4, 11, 4, 13, 4, 15, 16, 4, 18, 4, 20, 21, 22, 23, 24, 25, 26, 4, 28, 29, 3, 0, 0], predicted: [1, 3, 5, 8, 9, 10, 18, 19]);
        AreEqual(
            new() { Rate = 0.4, Seed = 7 }, epoch: 1,
            [2, 10, 15, 12, 13, 14, 15, 16, 4, 18, 4, 4, 4, 22, 23, 4, 25, 4, 27, 28, 4, 3, 0, 0], predicted: [2, 8, 10, 11, 12, 15, 17, 20]);
        AreEqual(
            new() { Rate = 0.4, Seed = 7 }, epoch: -1,
            [2, 10, 11, 12, 13, 33, 15, 16, 17, 18, 19, 20, 4, 22, 4, 24, 25, 26, 4, 4, 4, 3, 0, 0], predicted: [1, 3, 5, 12, 14, 18, 19, 20]);
        AreEqual(
            new() { Rate = 0.4, Seed = 7, WholeWords = true }, epoch: 0,
            [2, 4, 11, 12, 13, 14, 15, 16, 4, 18, 4, 4, 21, 22, 4, 24, 25, 26, 4, 28, 29, 3, 0, 0], predicted: [1, 8, 9, 10, 11, 14, 18, 19]);

        static void AreEqual(MaskRule rule, long epoch, int[] inputs, int[] predicted)
        {
            (int[] read, int[] labels) = Apply(rule, s_row, epoch);
            CollectionAssert.AreEqual(inputs, read, $"inputs of epoch {epoch} by {rule}");
            CollectionAssert.AreEqual(s_row.Select((id, i) => predicted.Contains(i) ? id : MaskPolicy.Ignored).ToArray(), labels, $"labels of epoch {epoch} by {rule}");
        }
    }

    [TestMethod]
    [DataRow(1, 0.15, 1)]
    [DataRow(3, 0.15, 1)]
    [DataRow(10, 0.15, 2)]
    [DataRow(30, 0.15, 4)]
    [DataRow(50, 0.15, 8)]
    [DataRow(100, 0.15, 15)]
    [DataRow(7, 1.0, 7)]
    public void As_many_tokens_are_predicted_as_BERT_rounds_to(int tokens, double rate, int predicted)
    {
        int[] row = [2, .. Enumerable.Repeat(17, tokens), 3, .. Enumerable.Repeat(0, 90)];
        for (int epoch = 0; epoch < 20; epoch++)
        {
            int[] inputs = new int[row.Length], labels = new int[row.Length];
            Assert.AreEqual(predicted, new MaskPolicy(new() { Rate = rate }, s_vocabulary).Apply(row, 5, epoch, inputs, labels));
            Assert.AreEqual(predicted, labels.Count(label => label == 17));
            Assert.AreEqual(row.Length - predicted, labels.Count(label => label == MaskPolicy.Ignored));
        }
    }

    [TestMethod]
    public void Of_predicted_tokens_80_percent_are_masked_and_10_percent_replaced_at_every_place_alike()
    {
        const int rows = 40_000, length = 20, each = 3;
        var policy = new MaskPolicy(new(), s_vocabulary);
        int[] row = [.. Enumerable.Repeat(17, length)], inputs = new int[length], labels = new int[length];
        int[] ofPlace = new int[length], ofId = new int[Vocabulary];
        for (int r = 0; r < rows; r++)
        {
            Assert.AreEqual(each, policy.Apply(row, (ulong)r, 0, inputs, labels));
            for (int i = 0; i < length; i++)
            {
                if (labels[i] == MaskPolicy.Ignored)
                {
                    Assert.AreEqual(17, inputs[i]);
                    continue;
                }
                ofPlace[i]++;
                ofId[inputs[i]]++;
            }
        }
        const double all = rows * each, ordinary = Vocabulary - 5;
        double Tolerance(double share) => 5 * Math.Sqrt(all * share * (1 - share));
        Assert.AreEqual(0.8 * all, ofId[Mask], Tolerance(0.8));
        // What replaces is any ordinary token, the row's own too.
        Assert.AreEqual((0.1 + (0.1 / ordinary)) * all, ofId[17], Tolerance(0.1));
        for (int id = 0; id < Vocabulary; id++)
        {
            if (id < 4)
                Assert.AreEqual(0, ofId[id], $"special id {id}");
            else if (id is not Mask and not 17)
                Assert.AreEqual(0.1 / ordinary * all, ofId[id], Tolerance(0.1 / ordinary), $"id {id}");
        }
        for (int i = 0; i < length; i++)
            Assert.AreEqual(all / length, ofPlace[i], Tolerance(1.0 / length), $"place {i}");
    }

    /// <summary>Whole words are sorted, all of them; where no token goes on with a word they are the tokens.</summary>
    [TestMethod]
    public void The_tokens_that_are_chosen_are_those_that_sorting_all_would_choose()
    {
        const int Vocabulary = 1000;
        var vocabulary = new MaskVocabulary(Vocabulary, 4) { SpecialIds = [0, 1, 2, 3], ContinuationIds = [Vocabulary - 1] };
        var random = new Random(3);
        void Compare(int length, double rate, int rows)
        {
            MaskPolicy some = new(new() { Rate = rate }, vocabulary), all = new(new() { Rate = rate, WholeWords = true }, vocabulary);
            int[] ids = new int[length], inputs = new int[length], labels = new int[length], expectedInputs = new int[length], expectedLabels = new int[length];
            for (int row = 0; row < rows; row++)
            {
                for (int i = 0; i < length; i++)
                    ids[i] = random.Next(Vocabulary - 1);
                ulong hash = MaskPolicy.RowHash(ids);
                Assert.AreEqual(all.Apply(ids, hash, row, expectedInputs, expectedLabels), some.Apply(ids, hash, row, inputs, labels));
                if (!inputs.AsSpan().SequenceEqual(expectedInputs) || !labels.AsSpan().SequenceEqual(expectedLabels))
                    Assert.Fail($"{length} tokens, rate {rate}, row {row}");
            }
        }

        foreach (double rate in new[] { 0.005, 0.05, 0.15, 0.3, 0.5, 0.9, 1 })
        {
            for (int length = 1; length <= 600; length += 1 + length / 16)
                Compare(length, rate, rows: 5);
        }

        // So often that fewer than are wanted lie below the bound now and then.
        Compare(200, 0.005, rows: 200_000);
    }

    [TestMethod]
    public void Shares_can_be_changed()
    {
        int[] row = [.. Enumerable.Repeat(17, 1000)];
        int[] Read(double mask, double random) => Apply(new() { Rate = 1, MaskShare = mask, RandomShare = random }, row, 0).Inputs;
        Assert.IsTrue(Read(1, 0).All(id => id == Mask));
        Assert.IsTrue(Read(0, 0).All(id => id == 17));
        Assert.IsFalse(Read(0, 1).Contains(Mask));
        Assert.HasCount(Vocabulary - 5, Read(0, 1).Distinct());
        Assert.AreEqual(500, Read(0.5, 0.25).Count(id => id == Mask), 80);
    }

    [TestMethod]
    public void Row_epoch_and_seed_each_change_the_corruption_and_nothing_else_does()
    {
        int[] ids = [.. Enumerable.Range(0, 200).Select(i => 5 + (i % 30))];
        string Draw(long seed, ulong row, long epoch)
        {
            int[] inputs = new int[ids.Length], labels = new int[ids.Length];
            new MaskPolicy(new() { Seed = seed }, s_vocabulary).Apply(ids, row, epoch, inputs, labels);
            return string.Join(' ', inputs.Concat(labels));
        }
        string[] draws = [Draw(1, 1, 1), Draw(2, 1, 1), Draw(1, 2, 1), Draw(1, 1, 2), Draw(1, 1, -1), Draw(-1, 1, 1), Draw(1, ulong.MaxValue, 1)];
        Assert.HasCount(draws.Length, draws.Distinct());
        Assert.AreEqual(draws[0], Draw(1, 1, 1));
    }

    [TestMethod]
    public void Rows_are_corrupted_alike_in_any_order_and_on_many_threads()
    {
        int[][] rows = [.. MaskedRow.Some(200, seed: 6).Select(row => row.Tokens.Select(id => id % Vocabulary).ToArray())];
        var policy = new MaskPolicy(new() { WholeWords = true }, s_vocabulary);
        string One(int i)
        {
            int[] inputs = new int[rows[i].Length], labels = new int[rows[i].Length];
            policy.Apply(rows[i], MaskPolicy.RowHash(rows[i]), 3, inputs, labels);
            return string.Join(' ', inputs.Concat(labels));
        }
        string[] forwards = [.. Enumerable.Range(0, rows.Length).Select(One)];
        string[] backwards = [.. Enumerable.Range(0, rows.Length).Reverse().Select(One).Reverse()];
        string[] together = new string[rows.Length];
        Parallel.For(0, rows.Length, i => together[i] = One(i));
        CollectionAssert.AreEqual(forwards, backwards);
        CollectionAssert.AreEqual(forwards, together);
    }

    [TestMethod]
    public void Whole_words_are_predicted_together_and_never_too_many()
    {
        var random = new Random(11);
        int[] continuations = [.. s_vocabulary.ContinuationIds];
        for (int trial = 0; trial < 500; trial++)
        {
            int[] row = [.. Enumerable.Range(0, random.Next(1, 80)).Select(_ => random.Next(3) == 0 ? continuations[random.Next(5)] : random.Next(Vocabulary))];
            (int[] inputs, int[] labels) = Apply(new() { WholeWords = true, Seed = trial }, row, 0);
            int ordinary = row.Count(id => id > 4), predicted = labels.Count(label => label >= 0), wanted = ordinary == 0 ? 0 : Math.Max(1, (int)Math.Round(0.15 * ordinary));
            List<int> lengths = [];
            for (int i = 0; i < row.Length; i++)
            {
                bool begins = row[i] > 4 && (i == 0 || row[i - 1] <= 4 || !continuations.Contains(row[i]));
                if (row[i] <= 4)
                {
                    Assert.AreEqual(row[i], inputs[i]);
                    Assert.AreEqual(MaskPolicy.Ignored, labels[i]);
                }
                else if (begins)
                {
                    lengths.Add(1);
                }
                else
                {
                    lengths[^1]++;
                    Assert.AreEqual(labels[i - 1] >= 0, labels[i] >= 0, $"trial {trial}: a word is cut at place {i}");
                }
            }
            if (lengths.Count > 0 && lengths.Min() > wanted)
                Assert.Contains(predicted, lengths, $"trial {trial}: one word when all are too long");
            else
                Assert.IsInRange(ordinary == 0 ? 0 : 1, wanted, predicted, $"trial {trial}");
        }
    }

    [TestMethod]
    public void Pieces_that_go_on_with_a_word_are_found_in_the_tokenizer()
    {
        const string json = """{"model":{"type":"WordPiece","continuing_subword_prefix":"##","vocab":{"[MASK]":0,"a":1,"##a":2,"##":3,"#":4,"##b":5}}}""";
        var roles = new Dictionary<string, int> { ["mask"] = 0 };
        MaskVocabulary vocabulary = MaskVocabulary.Of(new TokenColumnInfo(6, roles, json, ""), wholeWords: true);
        CollectionAssert.AreEqual(new[] { 2, 5 }, vocabulary.ContinuationIds.ToArray());
        Assert.AreEqual(0, vocabulary.MaskId);
        CollectionAssert.AreEqual(new[] { 0 }, vocabulary.SpecialIds.ToArray());
        Assert.IsEmpty(MaskVocabulary.Of(new TokenColumnInfo(6, roles, "no JSON", "")).ContinuationIds);

        foreach (string other in new[] { "{}", """{"model":{"type":"BPE","continuing_subword_prefix":null,"vocab":{"a":0}}}""", """{"model":{"continuing_subword_prefix":"##","vocab":{"a":0}}}""" })
            StringAssert.Contains(Message(() => MaskVocabulary.Of(new TokenColumnInfo(6, roles, other, ""), wholeWords: true)), "Use Text.TokenizeWordPieces");
        StringAssert.Contains(Message(() => MaskVocabulary.Of(new TokenColumnInfo(6, roles, "no JSON", ""), wholeWords: true)), "damaged");
        StringAssert.Contains(Message(() => MaskVocabulary.Of(new TokenColumnInfo(6, new Dictionary<string, int> { ["pad"] = 0 }, json, ""))), "no special token with the role 'mask'; it has 'pad'");
    }

    [TestMethod]
    public void Nothing_is_predicted_where_nothing_can_be()
    {
        foreach (int[] row in new int[][] { [], [2], [2, 3], [2, 4, 3, 0, 0] })
        {
            foreach (bool wholeWords in new[] { false, true })
            {
                (int[] inputs, int[] labels) = Apply(new() { Rate = 1, WholeWords = wholeWords }, row, 0);
                CollectionAssert.AreEqual(row, inputs);
                Assert.IsTrue(labels.All(label => label == MaskPolicy.Ignored));
            }
        }
    }

    [TestMethod]
    public void Wrong_numbers_are_named()
    {
        var policy = new MaskPolicy(new(), s_vocabulary);
        int[] row = [5, 6, 7];
        (Action Act, string Part)[] wrong =
        [
            (() => policy.Apply([5, 40], 0, 0, new int[2], new int[2]), "place 1 has the id 40, which is outside the vocabulary: ids lie in [0, 40)"),
            (() => policy.Apply([-1, 5], 0, 0, new int[2], new int[2]), "place 0 has the id -1"),
            (() => policy.Apply(row, 0, 0, new int[2], new int[3]), "2 inputs and 3 labels for 3 tokens"),
            (() => policy.Apply(row, 0, 0, row, new int[3]), "same memory"),
            (() => _ = new MaskRule { Rate = 0 }, "Rate must lie in (0, 1]"),
            (() => _ = new MaskRule { Rate = double.NaN }, "Rate"),
            (() => _ = new MaskRule { MaskShare = -0.1 }, "MaskShare must lie in [0, 1]"),
            (() => _ = new MaskPolicy(new() { MaskShare = 0.8, RandomShare = 0.3 }, s_vocabulary), "at most 1 together"),
            (() => _ = new MaskVocabulary(0, 0), "Size must lie in [1, "),
            (() => _ = new MaskVocabulary(5, 5), "MaskId must lie in the vocabulary"),
            (() => _ = new MaskVocabulary(5, 1) { SpecialIds = [-1] }, "SpecialIds holds -1"),
            (() => _ = new MaskPolicy(new(), new MaskVocabulary(5, 1) { SpecialIds = [5] }), "SpecialIds holds 5, which is outside the vocabulary"),
            (() => _ = new MaskPolicy(new(), new MaskVocabulary(3, 1) { SpecialIds = [0, 2] }), "All 3 tokens of the vocabulary are special"),
            (() => _ = new MaskPolicy(new() { WholeWords = true }, new MaskVocabulary(9, 1)), "WholeWords needs"),
            (() => _ = new MaskPolicy(new() { WholeWords = true }, new MaskVocabulary(9, 1) { ContinuationIds = [9] }), "ContinuationIds holds 9"),
        ];
        foreach ((Action act, string part) in wrong)
            StringAssert.Contains(Message(act), part);
    }

    private static string Message(Action act) => Assert.Throws<ArgumentException>(act).Message;

    private static (int[] Inputs, int[] Labels) Apply(MaskRule rule, int[] row, long epoch)
    {
        int[] inputs = new int[row.Length], labels = new int[row.Length];
        new MaskPolicy(rule, s_vocabulary).Apply(row, MaskPolicy.RowHash(row), epoch, inputs, labels);
        return (inputs, labels);
    }
}
