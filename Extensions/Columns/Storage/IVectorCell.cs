using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>A cell that holds a vector, however its rows are stored.</summary>
internal interface IVectorCell
{
    ref readonly VBuffer<float> Vector { get; }
}
