using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using Spectre.Console;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext search</c>.</summary>
internal sealed class SearchCommand : Command
{
    private readonly Terminal _terminal;
    private readonly TowerDataOptions _data = new(
        "Which side the rows to search among are; left without it.",
        "The rows to search among: a CSV or TSV file or JSON Lines with the columns of one side, or embeddings that 'mlnetext embed' wrote.",
        "A column of the data to show with the rows that are found; may be repeated.");

    private readonly Option<string[]> _texts = new("--query") { Description = "A text to search for; may be repeated.", HelpName = "text", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _images = new("--query-image") { Description = "An image to search for; may be repeated.", HelpName = "file", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _table = new("--queries") { Description = "A CSV or TSV file, or JSON Lines, of queries, with the columns of a side.", HelpName = "file" };
    private readonly Option<Side?> _querySide = CheckedOption.OptionalChoice("--query-side", "Which side the queries are; without it the one that is not searched, where it can read them.", TowerDataOptions.Sides);
    private readonly Option<int> _top = CheckedOption.Integer("--top", "How many rows to find for each query.", 10, atLeast: 1);
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON." };

    public SearchCommand(Terminal terminal)
        : base("search", "Find the rows of a file that are nearest to a query.")
    {
        _terminal = terminal;
        _data.AddTo(this);
        foreach (Option option in new Option[] { _texts, _images, _table, _querySide, _top, _json })
            Add(option);
        Validators.Add(result =>
        {
            if (new Option[] { _texts, _images, _table }.Count(o => result.GetResult(o) is { Implicit: false }) != 1)
                result.AddError("Use one of --query, --query-image and --queries.");
        });
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        MLContext ml = Contexts.Create(_terminal);
        using TwoTowerModel model = _data.LoadModel(parsed, ml);
        EmbeddedRows rows = Open(parsed, ml, model);
        using var index = SearchIndex.Read(ml, rows, _terminal.Cancellation);
        if (index.LeftOut > 0)
            _terminal.Warn($"{index.LeftOut} rows have no embedding and are never found.");

        var queries = new SearchQueries(
            parsed.GetRequiredValue(_texts), parsed.GetRequiredValue(_images), parsed.GetValue(_table), parsed.GetValue(_querySide), _data.ImageFolder(parsed));
        var results = new List<SearchResult>();
        queries.ForEach(ml, model, rows.Side, (query, embedding) => results.Add(new SearchResult(query, index.Search(embedding, parsed.GetValue(_top)))), _terminal.Cancellation);
        foreach (SearchResult result in results.Where(r => r.Hits.Count == 0))
            _terminal.Warn($"the query '{result.Query}' has no embedding.");
        if (parsed.GetValue(_json))
            _terminal.WriteJson(results);
        else
            results.ForEach(result => Show(result, rows));
        return ExitCode.Success;
    }

    private EmbeddedRows Open(ParseResult parsed, MLContext ml, TwoTowerModel model)
    {
        Side? side = _data.SideOf(parsed);
        if (EmbeddingFile.TryOpen(ml, model, _data.Data(parsed), _data.Copied(parsed)) is not { } embedded)
            return _data.Embed(parsed, ml, model[side ?? Side.Left]);
        return side is null || model[side.Value] == embedded.Side
            ? embedded
            : throw new UserErrorException($"--side {side.Value.ToString().ToLowerInvariant()}: '{_data.Data(parsed)}' has embeddings of the {embedded.Side.Name} side.");
    }

    private void Show(SearchResult result, EmbeddedRows rows)
    {
        string[] copied = [.. rows.Copied.Select(c => c.Source)];
        _terminal.Out.WriteLine(result.Query);
        Table table = new Table().RoundedBorder().AddColumns(["", "row", .. copied.Select(Markup.Escape), "score"]);
        foreach (int number in new[] { 0, 1, table.Columns.Count - 1 })
            table.Columns[number].RightAligned();
        for (int i = 0; i < result.Hits.Count; i++)
        {
            SearchHit hit = result.Hits[i];
            table.AddRow([(i + 1).ToString(CultureInfo.InvariantCulture), Format.Count(hit.Row), .. copied.Select(c => Markup.Escape(hit.Columns[c])), Format.Decimal(hit.Score)]);
        }

        _terminal.Show(table);
    }
}
