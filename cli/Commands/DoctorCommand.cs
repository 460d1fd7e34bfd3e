using System.CommandLine;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext doctor</c>.</summary>
internal sealed class DoctorCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON." };

    public DoctorCommand(Terminal terminal)
        : base("doctor", "Check that libtorch loads and computes, and show versions.")
    {
        _terminal = terminal;
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        Diagnosis diagnosis = Diagnosis.Make(Contexts.Create(_terminal));
        if (parsed.GetValue(_json))
            _terminal.WriteJson(diagnosis);
        else
            Show(diagnosis);
        if (diagnosis.Error is null)
            return ExitCode.Success;
        _terminal.Error.WriteLine($"error: {diagnosis.Error}");
        return ExitCode.Failure;
    }

    private void Show(Diagnosis diagnosis)
    {
        var facts = new FactTable();
        void Row(string name, string? value) => facts.Add(name, value ?? "-");
        Row("mlnetext", diagnosis.Mlnetext);
        Row("ML.NET", diagnosis.MlNet);
        Row("TorchSharp", diagnosis.TorchSharp);
        Row(".NET", diagnosis.DotNet);
        Row("system", diagnosis.System);
        Row("libtorch", diagnosis.Libtorch);
        Row("library", diagnosis.Library);
        Row("patched copy", diagnosis.IsPatchedCopy is { } patched ? patched ? "yes, for this system's older C++ library" : "no" : null);
        Row("device", diagnosis.Device);
        Row("threads", diagnosis.Threads?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Row("computes", diagnosis.Error is null ? "yes" : "no");
        _terminal.Show(facts);
    }
}
