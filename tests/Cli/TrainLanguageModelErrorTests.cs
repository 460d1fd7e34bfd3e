using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainLanguageModelErrorTests
{
    private static readonly string[] s_rows = ["text,part", "one two three,train", "four five six,test", "seven eight,valid"];

    [TestMethod]
    [DataRow("--goldfish", "1", "0 for none, or a whole number of at least 2")]
    [DataRow("--random-mask", "1", "0 for none, or a whole number of at least 2")]
    [DataRow("--goldfish-window", "5", "needs --goldfish")]
    [DataRow("--family", "bert", "llama, gpt2")]
    [DataRow("--vocabulary", "100", "at least 261")]
    [DataRow("--context", "1", "at least 2")]
    [DataRow("--dropout", "1", "in [0, 1)")]
    [DataRow("--heads", "3", "--heads must be a divisor of the width, 256")]
    [DataRow("--split-column", "parts", "Did you mean 'part'?")]
    [DataRow("--huggingface", "/", "--huggingface: '/' holds")]
    [DataRow("--from", "none.zip", "There is no model file 'none.zip'")]
    [DataRow("--documents", "lines", "Use --text for a table, or --documents for plain text")]
    public void BadValue_NamesItsOption(string option, string value, string part) => With(place =>
        Refuses(Train(place, place.Write("d.csv", s_rows), "--text", "text", option, value), part));

    [TestMethod]
    public void WhatTheFileIs_MustBeSaid() => With(place =>
    {
        string data = place.Write("d.csv", s_rows);
        Refuses(Train(place, data), "--text", "--documents");
        Refuses(Train(place, data, "--text", "texts"), "no column 'texts' (--text)", "Did you mean 'text'?");
        Refuses(Train(place, data, "--documents", "lines", "--split-column", "part"), "is plain text and has no columns");
    });

    [TestMethod]
    public void NoText_IsNamed() => With(place =>
    {
        Refuses(Train(place, place["no.txt"]), "There is no file");
        Refuses(Train(place, place.Write("e.txt")), "holds no text");
        Refuses(Train(place, place.Write("e.csv", "text,n", ",1", " ,2"), "--text", "text"), "--text text: no row of", "holds any text");
        Refuses(Train(place, place.Write("r.csv", "text,n", "a,1", "b"), "--text", "text"), "line 3: 1 fields, but the header has 2");
        Refuses(Train(place, place.Write("d.csv", s_rows), "--text", "text", "--test", place.Write("t.csv", "text")), "no row of", "t.csv");
        Refuses(Train(place, place.Write("one.txt", "a single document"), "--test-fraction", "0.5"), "has a single document", "--documents");
    });

    [TestMethod]
    [DataRow("d.txt", "--documents", "lines")]
    [DataRow("d.csv", "--text", "text")]
    public void InvalidUtf8_IsNamedWithItsPlace(string file, string option, string value) => With(place =>
    {
        File.WriteAllBytes(place[file], [0xEF, 0xBB, 0xBF, .. "text\nfine \u00e4\nbad "u8, 0xE4, .. "\n"u8]);
        Refuses(Train(place, place[file], option, value), $"{file}', line 3: byte 20 (from 0) is 0xE4, which is no UTF-8");
    });

    [TestMethod]
    public void UnknownStrategy_OffersTheKnownOnes() => With(place => Refuses(
        Train(place, place.Write("d.csv", s_rows), "--text", "text", "--goldfish", "4", "--goldfish-strategy", "magic"), "hash, reference-hash, static, random"));

    [TestMethod]
    public void TwoValidationParts_AreRefused() => With(place => Refuses(
        Train(place, place.Write("d.csv", s_rows), "--text", "text", "--split-column", "part", "--validation-fraction", "0.5"), "leave --validation-fraction out"));

    [TestMethod]
    public void From_TakesAnotherModelsNetworkAsItIs() => With(place =>
    {
        string data = place.Write("d.txt", Verses.Lines(6));
        Assert.AreEqual(0, place.TrainVerses(data).ExitCode);
        Refuses(Train(place, data, "--from", place["model.zip"], "--width", "32"), "--width: with --from the network and the tokenizer are those of the model");
        Refuses(Train(place, data, "--from", place["model.zip"], "--context", "64"), "--context 64", "reads at most 48 tokens");
        Assert.AreEqual(0, Workplace.Run("train", "squentropy", place.Write("f.csv", Tables.FlowerLines(6)), "--label", "label", "--out", place["c.zip"], "--epochs", "1").ExitCode);
        Refuses(Train(place, data, "--from", place["c.zip"]), "is no language model", "mlnetext train lm");
    });

    [TestMethod]
    public void HuggingFaceFolder_WithOtherFilesThanAModels_IsNamedBeforeTraining() => With(place =>
    {
        string data = place.Write("d.txt", Verses.Lines(6));
        Directory.CreateDirectory(place["downloaded"]);
        place.Write("downloaded/config.json", "{}");
        place.Write("downloaded/README.md", "mine");
        Refuses(Train(place, data, "--huggingface", place["downloaded"]), "--huggingface", "holds 'README.md', which would be lost");
        Refuses(Train(place, data, "--huggingface", data), "--huggingface", "is a file");
        Assert.IsFalse(File.Exists(place["m.zip"]));
    });

    [TestMethod]
    public void HuggingFaceFolder_ThatCannotBeWrittenInTheEnd_CostsNothingThatWasComputed() => With(place =>
    {
        string data = place.Write("d.txt", Verses.Lines(6));
        using var trained = new CancellationTokenSource();
        using CancellationTokenRegistration other = trained.Token.Register(() =>
        {
            Directory.CreateDirectory(place["directory"]);
            place.Write("directory/notes.txt", "mine");
        });
        using var error = new WatchedWriter("epoch 1/", trained);
        Workplace.Outcome outcome = Workplace.Run(
            ["train", "lm", data, "--test", data, "--out", place["m.zip"], "--huggingface", place["directory"], "--vocabulary", "300", "--context", "48", "--width", "16", "--layers", "1",
            "--heads", "2", "--epochs", "1", "--json"],
            error,
            CancellationToken.None);
        Assert.AreEqual(1, outcome.ExitCode, outcome.Error);
        Assert.AreEqual("", outcome.Out);
        foreach (string part in new[] { "test perplexity", "holds 'notes.txt', which would be lost" })
            StringAssert.Contains(outcome.Error, part);
        Assert.IsTrue(File.Exists(place["m.zip"]));
    });

    [TestMethod]
    public void ResumeWithOtherOptions_IsRefused() => With(place =>
    {
        string data = place.Write("d.txt", Verses.Lines(6));
        string[] keep = ["--checkpoints", place["kept"]];
        Assert.AreEqual(0, place.TrainVerses(data, keep).ExitCode);
        Refuses(place.TrainVerses(data, [.. keep, "--resume", "--random-mask", "3"]), "Cannot resume", "--random-mask");
        Refuses(place.TrainVerses(data, [.. keep, "--resume", "--goldfish", "3"]), "Cannot resume", "another --checkpoints folder.");
        Refuses(place.TrainVerses(data, keep), "add --resume");
    });

    private static Workplace.Outcome Train(Workplace place, string data, params string[] more) => Workplace.Run(["train", "lm", data, "--out", place["m.zip"], .. more]);

    private static void With(Action<Workplace> test)
    {
        using var place = new Workplace();
        test(place);
    }
}
