using MLNetExt.Evaluation;
using Spectre.Console;

namespace MLNetExt.Cli.Output;

/// <summary>Shows a person how far an evaluation has come.</summary>
internal static class EvaluationDisplay
{
    /// <summary>Runs <paramref name="evaluate"/> with a progress that is shown on the terminal's error side; null where nobody watches.</summary>
    public static T Run<T>(Terminal terminal, Func<IProgress<EvaluationProgress>?, T> evaluate) => terminal.ErrorIsLive
        ? terminal.LiveError().Status().Start("reading", status => evaluate(new Line(status)))
        : evaluate(null);

    private sealed class Line(StatusContext status) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => status.Status = Markup.Escape(
            $"{value.Stage.ToString().ToLowerInvariant()}: {Format.Count(value.Documents)} of {Format.Count(value.DocumentCount ?? value.Documents)}");
    }
}
