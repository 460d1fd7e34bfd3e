using System.Text.Json;
using MLNetExt.Cli;
using MLNetExt.Cli.Output;

namespace MLNetExt.Tests.Cli;

/// <summary>A temporary folder in which command lines are run; it goes afterwards.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())).FullName;

    public sealed record Outcome(int ExitCode, string Out, string Error)
    {
        public JsonElement Json
        {
            get
            {
                Assert.AreEqual(0, ExitCode, Error);
                return JsonDocument.Parse(Out).RootElement;
            }
        }
    }

    public string this[string file] => Path.Combine(_folder, file);

    public string Write(string file, params IEnumerable<string> lines)
    {
        File.WriteAllLines(this[file], lines);
        return this[file];
    }

    /// <summary>Runs a command line in this process.</summary>
    public static Outcome Run(params IEnumerable<string> arguments) => Run(arguments, new StringWriter(), CancellationToken.None);

    /// <summary>Runs a command line in this process, with a writer for stderr that may watch what is written, and a Ctrl-C.</summary>
    public static Outcome Run(IEnumerable<string> arguments, StringWriter error, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        int code = Tool.Run([.. arguments], new Terminal(output, error, ErrorIsLive: false, cancellation));
        return new Outcome(code, output.ToString(), error.ToString());
    }

    /// <summary>Trains a small network for a short time, with the result as JSON.</summary>
    public Outcome Train(string data, params IEnumerable<string> more) =>
        Run(["train", "squentropy", data, "--label", "label", "--out", this["model.zip"], "--hidden-layers", "1", "--hidden-units", "16", "--batch-size", "16", "--json", .. more]);

    /// <summary>Trains small towers for a short time, with the result as JSON.</summary>
    public Outcome TrainPairs(string data, string left, string right, params IEnumerable<string> more) => Run(
        ["train", "contrastive", data, "--left", left, "--right", right, "--out", this["model.zip"], "--left-width", "16", "--right-width", "16",
        "--embedding-size", "16", "--batch-size", "16", "--vocabulary", "300", "--json", .. more]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
