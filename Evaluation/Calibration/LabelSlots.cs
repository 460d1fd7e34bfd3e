using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Evaluation;

/// <summary>Which slot of a score column belongs to which value of a label column.</summary>
internal static class LabelSlots
{
    /// <summary>The slot of a class the model does not know.</summary>
    public const int Unknown = -1;

    private static readonly MethodInfo ReadMethod =
        typeof(LabelSlots).GetMethod(nameof(ReadAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>
    /// For each key value of the label (0-based) its slot in the score. ML.NET's evaluator takes key k for slot k; data whose key
    /// mapping was fitted anew (another order, another subset of classes) would then be compared with the wrong classes, without a word.
    /// </summary>
    /// <exception cref="ArgumentException">The classes cannot be matched.</exception>
    public static int[] Match(DataViewSchema.Column label, DataViewSchema.Column score)
    {
        ulong keys = ((KeyDataViewType)label.Type).Count;
        int slots = ((VectorDataViewType)score.Type).Size;
        string[]? labelNames = Names(label, "KeyValues", keys);
        string[]? slotNames = Names(score, "TrainingLabelValues", (ulong)slots) ?? Names(score, "SlotNames", (ulong)slots);

        if (labelNames is null || slotNames is null)
        {
            if (keys != (ulong)slots)
                throw new ArgumentException(
                    $"The label column '{label.Name}' has {keys} classes and the score column '{score.Name}' {slots}, and " +
                    $"{(labelNames is null ? $"'{label.Name}' has no KeyValues" : $"'{score.Name}' names no classes")} to match them by. " +
                    "Map the label with the key mapping the model was trained with.");
            return [.. Enumerable.Range(0, slots)];
        }
        if (labelNames.AsSpan().SequenceEqual(slotNames))
            return [.. Enumerable.Range(0, slots)];

        var slotOf = new Dictionary<string, int>(slots);
        for (int slot = 0; slot < slotNames.Length; slot++)
        {
            if (!slotOf.TryAdd(slotNames[slot], slot))
                throw new ArgumentException(
                    $"The score column '{score.Name}' names class '{slotNames[slot]}' twice, so the values of the label column '{label.Name}' cannot be matched to it.");
        }
        int[] slotOfLabel = [.. labelNames.Select(name => slotOf.GetValueOrDefault(name, Unknown))];
        if (slotOfLabel.All(slot => slot == Unknown))
            throw new ArgumentException(
                $"The label column '{label.Name}' has the classes {Sample(labelNames)} and the score column '{score.Name}' {Sample(slotNames)}: none in common. " +
                "Evaluate with the label column the model was trained with.");
        return slotOfLabel;
    }

    private static string Sample(string[] names) =>
        string.Join(", ", names.Take(5).Select(name => $"'{name}'")) + (names.Length > 5 ? $", ... ({names.Length})" : "");

    private static string[]? Names(DataViewSchema.Column column, string kind, ulong count)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind) is not { Type: VectorDataViewType type } || (ulong)type.Size != count)
            return null;
        return (string[])ReadMethod.MakeGenericMethod(type.ItemType.RawType).Invoke(null, [column.Annotations, kind])!;
    }

    private static string[] ReadAs<T>(DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<T> values = default;
        annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }
}
