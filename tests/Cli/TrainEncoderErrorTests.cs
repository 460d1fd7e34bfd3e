using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainEncoderErrorTests
{
    private static readonly string[] s_rows = ["text,part", "one two three,train", "four five six,test", "seven eight,valid"];

    [TestMethod]
    [DataRow("--family", "gpt2", "bert, pre-norm")]
    [DataRow("--dropping", "half", "none, token-dropping, sctd")]
    [DataRow("--keep-ratio", "0.3", "--keep-ratio needs --dropping")]
    [DataRow("--max-characters", "0", "at least 1")]
    [DataRow("--mask-rate", "0", "in (0, 1]")]
    [DataRow("--vocabulary", "5", "at least 6")]
    [DataRow("--vocabulary", "12", "--vocabulary must be at least")]
    [DataRow("--context", "2", "at least 3")]
    [DataRow("--dropout", "1", "in [0, 1)")]
    [DataRow("--heads", "3", "--heads must be a divisor of the width, 256")]
    [DataRow("--split-column", "parts", "Did you mean 'part'?")]
    [DataRow("--huggingface", "/", "--huggingface: '/' holds")]
    [DataRow("--from", "none.zip", "There is no model file 'none.zip'")]
    [DataRow("--documents", "lines", "Use --text for a table, or --documents for plain text")]
    public void BadValue_NamesItsOption(string option, string value, string part) => With(place =>
        Refuses(Train(place, place.Write("d.csv", s_rows), "--text", "text", option, value), part));

    [TestMethod]
    public void OneLayer_DropsNoTokens() => With(place =>
        Refuses(Train(place, place.Write("d.csv", s_rows), "--text", "text", "--layers", "1", "--dropping", "sctd"), "--dropping: tokens are dropped between two layers or more; raise --layers."));

    [TestMethod]
    public void KeepRatio_NeedsADropping() => With(place =>
    {
        string data = place.Write("d.csv", s_rows);
        Refuses(Train(place, data, "--text", "text", "--dropping", "none", "--keep-ratio", "0.5"), "--keep-ratio needs --dropping token-dropping or sctd");
        Refuses(Train(place, data, "--text", "text", "--dropping", "half", "--keep-ratio", "0.5"), "none, token-dropping, sctd");
        Refuses(Train(place, data, "--text", "text", "--keep-ratio", "0.5", "--dropping"), "--dropping");
    });

    [TestMethod]
    public void TooManyCharacters_AreNamedWithTheOptionThatLimitsThem() => With(place =>
    {
        string data = place.Write("d.csv", s_rows);
        Refuses(Train(place, data, "--text", "text", "--vocabulary", "20"), "raise it, or set --max-characters");
        Assert.AreEqual(0, place.TrainEncoder(data, "--text", "text", "--vocabulary", "20", "--max-characters", "7").ExitCode);
    });

    [TestMethod]
    public void KeepRatio_IsAShare() => With(place =>
        Refuses(Train(place, place.Write("d.csv", s_rows), "--text", "text", "--dropping", "sctd", "--keep-ratio", "0"), "--keep-ratio must be a number in (0, 1]"));

    [TestMethod]
    public void TwoValidationParts_AreRefused() => With(place => Refuses(
        Train(place, place.Write("d.csv", s_rows), "--text", "text", "--split-column", "part", "--validation-fraction", "0.5"), "leave --validation-fraction out"));

    [TestMethod]
    [DataRow("--family", "pre-norm")]
    [DataRow("--local-stem", "true")]
    public void WhatIsNotBert_IsNotWrittenForHuggingFace_AndThatIsSaidBeforeTraining(string option, string value) => With(place =>
    {
        string data = place.Write("d.txt", Verses.Lines(6));
        Refuses(Train(place, data, option, value, "--huggingface", place["hf"]), "only encoders of --family bert without --local-stem can be written");
        Assert.AreEqual(0, place.TrainEncoder(data, option, value).ExitCode);
        Refuses(Train(place, data, "--from", place["model.zip"], "--huggingface", place["hf"]), "--huggingface", "model.zip' is another");
        Assert.IsFalse(Directory.Exists(place["hf"]));
    });

    [TestMethod]
    public void From_TakesAnEncoderAsItIs() => With(place =>
    {
        string data = place.Write("d.txt", Verses.Lines(6));
        Assert.AreEqual(0, place.TrainEncoder(data, "--huggingface", place["hf"]).ExitCode);
        Refuses(Train(place, data, "--from", place["model.zip"], "--width", "32"), "--width: with --from the network and the tokenizer are those of the model");
        Refuses(Train(place, data, "--from", place["model.zip"], "--lowercase"), "--lowercase: with --from");
        Refuses(Train(place, data, "--from", place["model.zip"], "--context", "64"), "--context 64", "reads at most 24 tokens");
        Refuses(Workplace.Run("generate", place["hf"], "--prompt", "a"), "'model_type' to \"bert\"", "LoadHuggingFaceEncoder reads bert");
        foreach (string file in new[] { "tokenizer.json", "vocab.txt" })
            File.Delete(place[$"hf/{file}"]);
        Refuses(Train(place, data, "--from", place["hf"]), "has no tokenizer that can be read");
        Assert.AreEqual(0, place.TrainVerses(data, "--huggingface", place["decoder"]).ExitCode);
        Refuses(Train(place, data, "--from", place["model.zip"]), "is no encoder", "mlnetext train encoder");
        Refuses(Train(place, data, "--from", place["decoder"]), "must be one of bert", "LoadHuggingFace reads gpt2 and llama");
    });

    private static Workplace.Outcome Train(Workplace place, string data, params string[] more) => Workplace.Run(["train", "encoder", data, "--out", place["m.zip"], .. more]);

    private static void With(Action<Workplace> test)
    {
        using var place = new Workplace();
        test(place);
    }
}
