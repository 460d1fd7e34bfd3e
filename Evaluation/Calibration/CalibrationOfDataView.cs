using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Evaluation;

/// <summary>Feeds the rows of scored data to a <see cref="CalibrationAccumulator"/>.</summary>
internal static class CalibrationOfDataView
{
    public static CalibrationMetrics Multiclass(IDataView data, string labelColumnName, string scoreColumnName, int bins)
    {
        DataViewSchema.Column label = EvaluatedColumns.Find(data.Schema, labelColumnName, "label");
        DataViewSchema.Column score = EvaluatedColumns.Find(data.Schema, scoreColumnName, "score");
        if (label.Type is not KeyDataViewType)
            throw EvaluatedColumns.WrongType(label, "label", "a key", "append MapValueToKey for it before the trainer");
        if (score.Type is not VectorDataViewType { Size: >= 2 } scoreType || scoreType.ItemType != NumberDataViewType.Single)
            throw EvaluatedColumns.WrongType(score, "score", "a vector of Single of known size, one probability a class", "name the Score column of a multiclass model");

        int[] slotOfLabel = LabelSlots.Match(label, score);
        var accumulator = new CalibrationAccumulator(scoreType.Size, bins, $"column '{score.Name}'");
        var probabilities = new float[scoreType.Size];
        VBuffer<float> buffer = default;

        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        Func<ulong> key = KeyGetter(cursor, label);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(score);
        while (cursor.MoveNext())
        {
            // Keys count from 1; 0 is ML.NET's missing value.
            ulong value = key();
            if (value == 0)
            {
                accumulator.AddMissingLabel();
                continue;
            }
            getScore(ref buffer);
            buffer.CopyTo(probabilities);
            int slot = value <= (ulong)slotOfLabel.Length ? slotOfLabel[value - 1] : LabelSlots.Unknown;
            if (slot == LabelSlots.Unknown)
                accumulator.AddUnknownClass<float>(probabilities);
            else
                accumulator.Add<float>(probabilities, slot);
        }
        return accumulator.ToMetrics();
    }

    public static CalibrationMetrics Binary(IDataView data, string labelColumnName, string probabilityColumnName, int bins)
    {
        DataViewSchema.Column label = EvaluatedColumns.Find(data.Schema, labelColumnName, "label");
        DataViewSchema.Column probability = EvaluatedColumns.Find(data.Schema, probabilityColumnName, "probability");
        if (label.Type is not BooleanDataViewType)
            throw EvaluatedColumns.WrongType(label, "label", "Boolean", "convert it, or evaluate a key label through ml.MulticlassClassification");
        if (probability.Type != NumberDataViewType.Single)
            throw EvaluatedColumns.WrongType(probability, "probability", "Single", "name the Probability column of a calibrated binary model");

        var accumulator = new CalibrationAccumulator(2, bins, $"column '{probability.Name}'");
        Span<float> row = stackalloc float[2];
        bool isPositive = false;

        using DataViewRowCursor cursor = data.GetRowCursor([label, probability]);
        ValueGetter<bool> getLabel = cursor.GetGetter<bool>(label);
        ValueGetter<float> getProbability = cursor.GetGetter<float>(probability);
        while (cursor.MoveNext())
        {
            getLabel(ref isPositive);
            getProbability(ref row[1]);
            row[0] = 1 - row[1];
            accumulator.Add<float>(row, isPositive ? 1 : 0);
        }
        return accumulator.ToMetrics();
    }

    private static Func<ulong> KeyGetter(DataViewRow row, DataViewSchema.Column label)
    {
        Type raw = label.Type.RawType;
        if (raw == typeof(byte))
            return Widen<byte>(value => value);
        if (raw == typeof(ushort))
            return Widen<ushort>(value => value);
        if (raw == typeof(uint))
            return Widen<uint>(value => value);
        return Widen<ulong>(value => value);

        Func<ulong> Widen<T>(Func<T, ulong> widen)
            where T : struct
        {
            ValueGetter<T> getter = row.GetGetter<T>(label);
            T value = default;
            return () =>
            {
                getter(ref value);
                return widen(value);
            };
        }
    }
}
