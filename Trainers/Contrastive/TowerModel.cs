using System.Runtime.InteropServices;
using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Tokenization;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>A trained tower with all that it needs to read rows. Thread-safe for scoring.</summary>
internal sealed class TowerModel : IDisposable
{
    private const int TextsAtOnce = 256;
    private readonly Tower _tower;
    private readonly Lazy<TextTokenizer> _tokenizer;

    private TowerModel(Tower tower, TowerShape shape)
    {
        _tower = tower;
        Shape = shape;
        _tokenizer = new(() => Tokenizer(shape));
        tower.eval();
        foreach (Tensor parameter in tower.parameters())
            parameter.requires_grad_(false);
    }

    public TowerShape Shape { get; }

    public bool IsDisposed { get; private set; }

    /// <summary>The number of trained weights.</summary>
    public long WeightCount => _tower.parameters().Sum(p => p.numel());

    /// <summary>The tower's weights and buffers, by name.</summary>
    public Dictionary<string, Tensor> Weights => _tower.state_dict();

    /// <summary>A model with weights of its own, copied from <paramref name="weights"/>.</summary>
    public static TowerModel Copy(TowerShape shape, IReadOnlyDictionary<string, Tensor> weights) => Create(shape, (name, tensor) => tensor.copy_(weights[name]));

    /// <summary>Reads a model from weights whose names begin with <paramref name="prefix"/>.</summary>
    /// <exception cref="InvalidDataException">The shape or the weights are damaged.</exception>
    public static TowerModel Load(TowerShape shape, SafetensorsReader weights, string prefix)
    {
        TowerShapeCheck.Require(shape, weights);
        try
        {
            return Create(shape, (name, tensor) =>
            {
                weights.ReadInto(prefix + name, tensor);
                if (shape.IsSparse && name == VectorTower.ShiftName && tensor.data<float>().Any(shift => shift != 0))
                    throw new InvalidDataException($"The model's tower of column '{shape.Column}' reads sparse vectors, but centres them ('{prefix + name}' is not 0).");
            });
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ExternalException or OverflowException)
        {
            throw new InvalidDataException($"The model's tower of column '{shape.Column}' cannot be built from its stored settings: {e.Message}");
        }
    }

    /// <summary>What the tower says of the rows: float32 <c>[rows, embedding size]</c>, not normalised, in the caller's dispose scope. NaN where a row has NaN, no image or no text.</summary>
    public Tensor Forward(TensorBatch batch, string column)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        TensorBatch padded = Shape.Input == ColumnKind.Vector ? batch.PadRows(column) : batch;
        Tensor rows = _tower.Forward(padded, column).narrow(0, 0, batch.RowCount);
        return (EmptyRows.NaNWhereEmpty(Shape, batch, column) is { } nothing ? rows + nothing : rows).MoveToOuterDisposeScope();
    }

    /// <summary>The rows' embeddings: float32 <c>[rows, embedding size]</c> of length 1, in the caller's dispose scope. NaN where a row has NaN, no image or no text,
    /// 0 for a vector of zeros that nothing projects.</summary>
    public Tensor Embed(TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        return UnitLength.Of(Forward(batch, column)).MoveToOuterDisposeScope();
    }

    /// <summary>The embeddings of texts, for a tower that reads text or tokens.</summary>
    /// <exception cref="InvalidOperationException">The tower reads something else.</exception>
    public Tensor EmbedTexts(IReadOnlyList<string> texts)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [.. texts.Chunk(TextsAtOnce).Select(part => Embed(TextBatch(part), Shape.Column))];
        return cat(parts).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        IsDisposed = true;
        _tower.Dispose();
    }

    /// <summary>Only prompts need it, and reading it takes longer than the rest of a model.</summary>
    private static TextTokenizer Tokenizer(TowerShape shape)
    {
        TextTokenizer tokenizer = TextTokenizer.FromJson(shape.Tokens!.TokenizerJson);
        return tokenizer.VocabularySize == shape.Tokens.VocabularySize
            ? tokenizer
            : throw new InvalidDataException(
                $"The tokenizer of column '{shape.Column}' has {tokenizer.VocabularySize} tokens, but its tower was made for {shape.Tokens.VocabularySize}.");
    }

    private static TowerModel Create(TowerShape shape, Action<string, Tensor> fill)
    {
        using var generator = new Generator(0);
        Tower tower = TowerFactory.Create(shape, scaler: null, generator);
        try
        {
            using var noGradients = no_grad();
            foreach ((string name, Tensor tensor) in tower.state_dict())
                fill(name, tensor.DetachFromDisposeScope());
            return new TowerModel(tower, shape);
        }
        catch
        {
            tower.Dispose();
            throw;
        }
    }

    private TensorBatch TextBatch(string[] texts)
    {
        var none = new Dictionary<string, Tensor>();
        return Shape.Input switch
        {
            ColumnKind.Text => new TensorBatch(texts.Length, none, texts: new Dictionary<string, ArraySegment<string>> { [Shape.Column] = texts }),
            ColumnKind.Tokens => new TensorBatch(texts.Length, none, tokens: new Dictionary<string, TokenRows> { [Shape.Column] = Tokenize(texts) }),
            _ => throw new InvalidOperationException(
                $"The tower of column '{Shape.Column}' reads {Shape.Input}, not text: give the prompts as data that the pipeline has transformed."),
        };
    }

    private TokenRows Tokenize(string[] texts)
    {
        int[][] ids = [.. texts.Select(text => _tokenizer.Value.Encode(text).Take(Shape.MaxTokens).ToArray())];
        int longest = Math.Max(1, ids.Max(row => row.Length));
        var padded = new long[ids.Length, longest];
        for (int row = 0; row < ids.Length; row++)
        {
            for (int t = 0; t < ids[row].Length; t++)
                padded[row, t] = ids[row][t];
        }

        return new TokenRows(tensor(padded), tensor(ids.Select(row => (long)row.Length).ToArray()));
    }
}
