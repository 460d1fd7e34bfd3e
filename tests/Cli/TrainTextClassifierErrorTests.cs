using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainTextClassifierErrorTests
{
    private static readonly string[] s_rows = ["text,topic,part", "one two three,a,train", "four five six,b,train", "one two,a,test", "seven eight,b,valid"];

    [TestMethod]
    [DataRow("--text", "texts", "Did you mean 'text'?")]
    [DataRow("--pair", "answer", "has no column 'answer' (--pair)")]
    [DataRow("--pair", "text", "--text, --pair and --label must be different columns")]
    [DataRow("--label", "text", "--text, --pair and --label must be different columns")]
    [DataRow("--split-column", "parts", "Did you mean 'part'?")]
    [DataRow("--loss", "hinge", "squentropy, cross-entropy, rescaled-square")]
    [DataRow("--family", "gpt2", "bert, pre-norm")]
    [DataRow("--context", "3", "at least 4")]
    [DataRow("--vocabulary", "12", "--vocabulary must be at least")]
    [DataRow("--heads", "3", "--heads must be a divisor of the width, 256")]
    [DataRow("--head-dropout", "1", "in [0, 1)")]
    [DataRow("--frozen", "true", "--frozen needs --pretrained")]
    [DataRow("--encoder-rate-factor", "0.1", "--encoder-rate-factor needs --pretrained")]
    [DataRow("--pretrained", "none.zip", "There is no model file 'none.zip'")]
    public void BadValue_NamesItsOption(string option, string value, string part) => With(place => Refuses(Train(place, place.Write("d.csv", s_rows), option, value), part));

    [TestMethod]
    public void TwoValidationParts_AreRefused() => With(place => Refuses(
        Train(place, place.Write("d.csv", s_rows), "--split-column", "part", "--validation-fraction", "0.5"), "leave --validation-fraction out"));

    [TestMethod]
    [DataRow("one,a", "two,a", "all training rows have the class 'a'")]
    [DataRow("one,", "two,", "no training row has a label")]
    public void OneClass_IsRefusedBeforeTraining(string first, string second, string part) => With(place =>
        Refuses(Train(place, place.Write("d.csv", "text,topic", first, second)), "--label topic", part));

    [TestMethod]
    public void Pretrained_IsTakenAsItIs() => With(place =>
    {
        string data = place.Write("d.csv", s_rows), texts = place.Write("d.txt", Verses.Lines(6));
        Assert.AreEqual(0, place.TrainEncoder(texts, "--out", place["encoder.zip"]).ExitCode);
        Refuses(Train(place, data, "--pretrained", place["encoder.zip"], "--width", "32"), "--width: with --pretrained the network and the tokenizer are those of the model");
        Refuses(Train(place, data, "--pretrained", place["encoder.zip"], "--lowercase"), "--lowercase: with --pretrained");
        Refuses(Train(place, data, "--pretrained", place["encoder.zip"], "--context", "64"), "--context 64", "reads at most 24 tokens");
        Refuses(Train(place, data, "--pretrained", place["encoder.zip"], "--frozen", "--dropout", "0.2"), "--dropout: with --frozen the encoder stays as it is");
        Refuses(Train(place, data, "--pretrained", place["encoder.zip"], "--frozen", "--encoder-rate-factor", "0.2"), "--encoder-rate-factor: with --frozen");
        Assert.AreEqual(0, place.TrainTickets(place.Write("tickets.csv", Tickets.Table(12)), "--epochs", "1").ExitCode);
        Refuses(Train(place, data, "--pretrained", place["model.zip"]), "is no encoder", "mlnetext train encoder");
    });

    private static Workplace.Outcome Train(Workplace place, string data, params string[] more)
    {
        (string Option, string Value)[] columns = [("--text", "text"), ("--label", "topic")];
        return Workplace.Run(
            ["train", "text-classifier", data, "--out", place["m.zip"], .. columns.Where(c => !more.Contains(c.Option)).SelectMany(c => new[] { c.Option, c.Value }), .. more]);
    }

    private static void With(Action<Workplace> test)
    {
        using var place = new Workplace();
        test(place);
    }
}
