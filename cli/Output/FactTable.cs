using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNetExt.Cli.Output;

/// <summary>Names and their values, one a line, the values flush right.</summary>
internal sealed class FactTable : IRenderable
{
    private readonly Table _table = new Table().RoundedBorder().HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());

    /// <summary>Adds a line. Both texts stand as they are: nothing in them is markup.</summary>
    public void Add(string name, string value) => _table.AddRow(Markup.Escape(name), Markup.Escape(value));

    public Measurement Measure(RenderOptions options, int maxWidth) => ((IRenderable)_table).Measure(options, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => ((IRenderable)_table).Render(options, maxWidth);
}
