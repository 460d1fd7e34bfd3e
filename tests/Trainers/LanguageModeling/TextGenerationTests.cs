using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>The column of generated text beyond what the contract asks of every estimator.</summary>
[TestClass]
public sealed class TextGenerationTests
{
    private static CausalLanguageModelTransformer s_model = null!;
    private readonly MLContext _ml = new(seed: 1);

    [ClassInitialize]
    public static void Fit(TestContext context) => s_model = TinyModel.Fit();

    [ClassCleanup]
    public static void Release() => s_model.Dispose();

    [TestMethod]
    [DataRow("Prompt")]
    [DataRow("Tokens")]
    public void The_column_holds_what_the_model_says(string column)
    {
        IDataView data = Prompts("adg", "behk", "c", "filor");
        var options = new GenerationOptions { MaxNewTokens = 5 };
        using TextGenerationTransformer writer = _ml.LanguageModeling.GenerateText(s_model, "Next", column, options).Fit(data);
        Assert.AreEqual((column, "Next"), (writer.InputColumnName, writer.OutputColumnName));
        string[] expected = [.. s_model.GenerateText(["adg", "behk", "c", "filor"], options)];
        Assert.AreEqual("jmpsb", expected[0]);
        CollectionAssert.AreEqual(expected, Texts(writer, data, "Next"));
    }

    [TestMethod]
    public void A_column_may_be_replaced()
    {
        IDataView data = Prompts("adg");
        using TextGenerationTransformer writer = _ml.LanguageModeling.GenerateText(s_model, "Prompt", "Prompt", new() { MaxNewTokens = 2 }).Fit(data);
        CollectionAssert.AreEqual((string[])["jm"], Texts(writer, data, "Prompt"));
    }

    [TestMethod]
    public void Equal_prompts_have_equal_texts_in_every_pass_and_in_a_loaded_model_also_without_a_seed()
    {
        IDataView data = Prompts([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "adg" : $"{(char)('a' + i / 2)}")]);
        using TextGenerationTransformer writer = _ml.LanguageModeling.GenerateText(s_model, options: new() { MaxNewTokens = 9, Temperature = 4 }).Fit(data);
        string[] first = Texts(writer, data);
        Assert.HasCount(1, first.Where((_, i) => i % 2 == 0).Distinct());
        Assert.IsGreaterThan(15, first.Distinct().Count());
        CollectionAssert.AreEqual(first, Texts(writer, data), "a second pass");
        using var loaded = (TextGenerationTransformer)DamagedModel.Load(DamagedModel.Save(writer, data.Schema));
        CollectionAssert.AreEqual(first, Texts(loaded, data), "the loaded model");
        using TextGenerationTransformer other = _ml.LanguageModeling.GenerateText(s_model, options: new() { MaxNewTokens = 9, Temperature = 4 }).Fit(data);
        CollectionAssert.AreNotEqual(first, Texts(other, data), "another Fit draws another seed");
    }

    [TestMethod]
    public void Two_cursors_at_once_do_not_disturb_each_other()
    {
        IDataView data = Prompts([.. SentenceRow.Many(40).Select(r => r.Sentence)]);
        using TextGenerationTransformer writer = _ml.LanguageModeling.GenerateText(s_model, options: new() { MaxNewTokens = 4, Temperature = 2 }).Fit(data);
        string[] expected = Texts(writer, data);
        IDataView view = writer.Transform(data);
        DataViewSchema.Column column = view.Schema["Generated"];
        using DataViewRowCursor ahead = view.GetRowCursor([column]), behind = view.GetRowCursorSet([column], 3).Single();
        ValueGetter<ReadOnlyMemory<char>> first = ahead.GetGetter<ReadOnlyMemory<char>>(column), second = behind.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        for (int row = -5; row < 40; row++)
        {
            if (ahead.MoveNext())
            {
                first(ref text);
                Assert.AreEqual(expected[row + 5], text.ToString());
            }

            if (row < 0)
                continue;
            Assert.IsTrue(behind.MoveNext());
            second(ref text);
            Assert.AreEqual(expected[row], text.ToString());
        }
    }

    [TestMethod]
    [DataRow("", "Prompt", "is empty")]
    [DataRow("abcdefghijklmnopqrstuvwxyzabcdefg", "Prompt", "has 33 tokens and MaxNewTokens is 4")]
    [DataRow("", "Tokens", "is empty")]
    public void Only_reading_the_column_generates_and_a_prompt_that_cannot_be_continued_is_named(string bad, string column, string problem)
    {
        IDataView data = Prompts([.. Enumerable.Repeat("adg", 21), bad, "adg"]);
        using TextGenerationTransformer writer = _ml.LanguageModeling.GenerateText(s_model, "Generated", column, new() { MaxNewTokens = 4 }).Fit(data);
        IDataView view = writer.Transform(data);
        Assert.HasCount(23, Table.Read(view, "Prompt").Rows);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Table.Read(view, "Generated"));
        Assert.Contains($"The prompt of row 21 in column '{column}' {problem}", error.Message);
        using PredictionEngine<PromptRow, GeneratedText> engine = _ml.Model.CreatePredictionEngine<PromptRow, GeneratedText>(
            writer, new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = Schema() });
        Assert.Contains(problem, Assert.ThrowsExactly<InvalidDataException>(() => engine.Predict(Row(bad))).Message);
        Assert.AreEqual("jmps", engine.Predict(Row("adg")).Generated);
    }

    [TestMethod]
    public void A_column_of_another_tokenizer_is_refused()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(SentenceRow.Many(20));
        IDataView other = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 270).Fit(rows).Transform(rows);
        TextGenerationEstimator estimator = _ml.LanguageModeling.GenerateText(s_model, "Generated", "Tokens");
        Assert.Contains("was made by the tokenizer", Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(other)).Message);
        using TextGenerationTransformer writer = _ml.LanguageModeling.GenerateText(s_model, "Generated", "Tokens").Fit(Prompts("adg"));
        Assert.Contains("was made by the tokenizer", Assert.ThrowsExactly<ArgumentException>(() => writer.Transform(other)).Message);
        IDataView unnamed = _ml.Data.LoadFromEnumerable([Row("adg")]);
        Assert.Contains("does not say which tokenizer made it", Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(unnamed)).Message);
    }

    [TestMethod]
    public void A_text_column_where_tokens_were_and_the_other_way_round_are_refused()
    {
        using TextGenerationTransformer writer = _ml.LanguageModeling.GenerateText(s_model).Fit(Prompts("adg"));
        IDataView tokens = _ml.Transforms.CopyColumns("Prompt", "Tokens").Fit(Prompts("adg")).Transform(Prompts("adg"));
        Assert.Contains("'Prompt' must be text", Assert.Throws<ArgumentException>(() => writer.Transform(tokens)).Message);
    }

    [TestMethod]
    public void The_model_may_be_disposed_once_it_is_fitted_and_not_before()
    {
        CausalLanguageModelTransformer model = TinyModel.Fit(epochs: 1);
        TextGenerationEstimator estimator = _ml.LanguageModeling.GenerateText(model, options: new() { MaxNewTokens = 3 });
        using TextGenerationTransformer writer = estimator.Fit(Prompts("adg"));
        string[] expected = Texts(writer, Prompts("adg"));
        model.Dispose();
        CollectionAssert.AreEqual(expected, Texts(writer, Prompts("adg")));
        Assert.ThrowsExactly<ObjectDisposedException>(() => estimator.Fit(Prompts("adg")));
    }

    [TestMethod]
    public void What_cannot_write_is_refused_when_the_estimator_is_made()
    {
        Assert.Contains("TopP", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.LanguageModeling.GenerateText(s_model, options: new() { TopP = 0 })).Message);
        Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.GenerateText(s_model, outputColumnName: " "));
        using CausalLanguageModelTransformer wordless = _ml.LanguageModeling.LoadHuggingFace(new Networks.ModelFixture("gpt2_tiny").Path);
        Assert.Contains("has no tokenizer", Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.GenerateText(wordless)).Message);
    }

    private static string[] Texts(TextGenerationTransformer writer, IDataView data, string column = "Generated") => [.. writer.Transform(data).GetColumn<string>(column)];

    private static PromptRow Row(string prompt) => new() { Prompt = prompt, Tokens = s_model.Encode(prompt) };

    private IDataView Prompts(params string[] prompts) => _ml.Data.LoadFromEnumerable(prompts.Select(Row).ToArray(), Schema());

    private static SchemaDefinition Schema()
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PromptRow));
        s_model.Tokenizer!.ColumnInfo.AddTo(schema[nameof(PromptRow.Tokens)]);
        return schema;
    }
}
