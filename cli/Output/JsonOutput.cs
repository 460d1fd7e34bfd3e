using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetExt.Cli.Output;

/// <summary>How <c>--json</c> writes a result: one indented document in camelCase, fractions as fractions.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        // The reader is a program or a terminal, never a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void WriteJson<T>(this Terminal terminal, T result) =>
        terminal.Out.WriteLine(JsonSerializer.Serialize(result, s_options));
}
