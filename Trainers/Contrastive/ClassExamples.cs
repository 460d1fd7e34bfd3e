using Microsoft.ML;
using MLNetExt.Columns;

namespace MLNetExt.Contrastive;

/// <summary>Reads rows that describe classes: a label, and what a tower embeds.</summary>
internal static class ClassExamples
{
    /// <returns>The classes in the order of their first rows, each row's class, and the rows' embeddings.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or there are no rows.</exception>
    public static (string[] Labels, int[] ClassOf, float[] Embeddings) Read(EmbeddingTransformer tower, IDataView classes, string labelColumn)
    {
        IDataView embedded = tower.Transform(classes);
        BatchColumn[] columns = [BatchColumn.Text(labelColumn), BatchColumn.Vector(tower.OutputColumnName)];
        using BatchSource rows = BatchSource.Open(embedded, columns, new BatchSourceOptions { Shuffle = false });
        var classOfLabel = new Dictionary<string, int>();
        List<int> classOf = [];
        List<float> embeddings = [];
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            float[] block = [.. batch[tower.OutputColumnName].data<float>()];
            for (int row = 0; row < batch.RowCount; row++)
            {
                string label = batch.Text(labelColumn)[row];
                if (!float.IsFinite(block[row * tower.EmbeddingSize]))
                    throw new ArgumentException(
                        $"Row {classOf.Count} of the classes, '{label}', has nothing to embed in column '{tower.InputColumnName}' (no image, no text, or a value that is not finite).", nameof(classes));
                classOfLabel.TryAdd(label, classOfLabel.Count);
                classOf.Add(classOfLabel[label]);
            }

            embeddings.AddRange(block);
        }

        return ([.. classOfLabel.OrderBy(c => c.Value).Select(c => c.Key)], [.. classOf], [.. embeddings]);
    }
}
