using Microsoft.ML.Data;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Data;

/// <summary>Which columns the model reads, and as what.</summary>
/// <param name="Features">In the order of the header.</param>
/// <param name="Empty">Columns left out because no cell holds anything.</param>
internal sealed record ColumnPlan(IReadOnlyList<FeatureColumn> Features, IReadOnlyList<string> Empty)
{
    /// <summary>Infers the plan.</summary>
    /// <param name="file">The training file.</param>
    /// <param name="profile">What it holds.</param>
    /// <param name="excluded">Columns that are no features: the label, the split, what the user ignores.</param>
    /// <param name="overrides">Roles that the user decided, by column.</param>
    /// <exception cref="UserErrorException">A column named as a number holds something else, one holds lists of JSON, or no column is left.</exception>
    public static ColumnPlan Infer(
        TableFile file, TableProfile profile, IReadOnlySet<string> excluded, IReadOnlyDictionary<string, ColumnRole> overrides)
    {
        var features = new List<FeatureColumn>();
        var empty = new List<string>();
        for (int i = 0; i < file.Columns.Count; i++)
        {
            (string name, ColumnProfile column) = (file.Columns[i], profile.Columns[i]);
            if (excluded.Contains(name))
                continue;
            file.RequireReadable(name);
            if (column.Present == 0)
                empty.Add(name);
            else
                features.Add(new FeatureColumn(name, RoleOf(name, column, overrides), column.Missing > 0));
        }

        return features.Count > 0
            ? new ColumnPlan(features, empty)
            : throw new UserErrorException($"'{file.Path}' has no column to learn from besides the label.");
    }

    /// <summary>What a loader loads for a model with this plan.</summary>
    public IEnumerable<(string Name, string Source, DataKind Kind)> Sources =>
        Features.Select(c => (c.Name, c.Name, c.Role == ColumnRole.Number ? DataKind.Single : DataKind.String));

    /// <summary>Says which columns are left out because they hold nothing.</summary>
    public void WarnOfEmptyColumns(Terminal terminal)
    {
        foreach (string column in Empty)
            terminal.Warn($"the column '{column}' is empty and left out.");
    }

    private static ColumnRole RoleOf(string name, ColumnProfile column, IReadOnlyDictionary<string, ColumnRole> overrides)
    {
        if (!overrides.TryGetValue(name, out ColumnRole role))
            return column.NotNumber is null ? ColumnRole.Number : column.IsCategory ? ColumnRole.Category : ColumnRole.Text;
        return role == ColumnRole.Number && column.NotNumber is var (value, line)
            ? throw new UserErrorException($"--numeric {name}: line {line} has '{value}', which is no number.")
            : role;
    }
}
