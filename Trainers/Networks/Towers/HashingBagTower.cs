using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>From raw text to an embedding: the sum of the vectors of its words and their parts, hashed (arXiv 1607.01759), then a perceptron.</summary>
/// <remarks>A batch reads only the vectors of its own words, however many slots there are. A text without a word has a vector
/// of its own, learned where such texts are trained on.</remarks>
internal sealed class HashingBagTower : Tower
{
    private readonly int _bits;
    private readonly LinearLayer bag;
    private readonly SeededDropout dropout;
    private readonly Mlp head;

    /// <param name="options">The tower's shape.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the tower does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public HashingBagTower(HashingBagTowerOptions options, Generator generator)
        : base(nameof(HashingBagTower))
    {
        options.Check();
        _bits = options.Bits;
        bag = new LinearLayer(HashedText.Width(options.Bits), options.Width, 1, generator);
        dropout = new SeededDropout(options.Dropout, generator);
        head = new Mlp(options.Head, generator);
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, embedding size]</c> of a text column, in the caller's dispose scope.</summary>
    public override Tensor Forward(TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        SparseRows words = HashedText.Rows(batch.Text(column), _bits, parameters().First().device);
        return head.forward(dropout.forward(bag.Forward(words))).MoveToOuterDisposeScope();
    }
}
