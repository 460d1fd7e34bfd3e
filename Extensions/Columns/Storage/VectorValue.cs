using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>The current value of a vector column, or of a Single column taken as a vector of length 1.</summary>
internal sealed class VectorValue(BoundColumn column)
{
    private ValueGetter<VBuffer<float>>? _getter;
    private VBuffer<float> _value;

    public ref readonly VBuffer<float> Current => ref _value;

    public void Attach(DataViewRow row) => _getter = column.Source.Type switch
    {
        VectorDataViewType { ItemType: BooleanDataViewType } => ToNumbers(row.GetGetter<VBuffer<bool>>(column.Source)),
        VectorDataViewType => row.GetGetter<VBuffer<float>>(column.Source),
        _ => Widen(row.GetGetter<float>(column.Source)),
    };

    public void Read()
    {
        _getter!(ref _value);
        if (_value.Length != column.Width)
            throw new InvalidOperationException(
                $"Column '{column.Name}' promises vectors of length {column.Width} but delivered one of length {_value.Length}.");
    }

    private static ValueGetter<VBuffer<float>> Widen(ValueGetter<float> getter) => (ref VBuffer<float> vector) =>
    {
        var editor = VBufferEditor.Create(ref vector, 1);
        getter(ref editor.Values[0]);
        vector = editor.Commit();
    };

    private static ValueGetter<VBuffer<float>> ToNumbers(ValueGetter<VBuffer<bool>> getter)
    {
        VBuffer<bool> flags = default;
        return (ref VBuffer<float> vector) =>
        {
            getter(ref flags);
            var editor = VBufferEditor.Create(ref vector, flags.Length);
            editor.Values.Clear();
            foreach ((int slot, bool isSet) in flags.Items())
                editor.Values[slot] = isSet ? 1 : 0;
            vector = editor.Commit();
        };
    }
}
