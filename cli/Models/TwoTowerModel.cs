using Microsoft.ML;
using MLNetExt.Contrastive;

namespace MLNetExt.Cli.Models;

/// <summary>A saved model with two towers, whichever program saved it. Owns it.</summary>
internal sealed class TwoTowerModel : IDisposable
{
    private readonly ITransformer _model;

    private TwoTowerModel(ITransformer model, ContrastiveTransformer towers, TowerSide left, TowerSide right)
    {
        _model = model;
        Towers = towers;
        Left = left;
        Right = right;
    }

    public ContrastiveTransformer Towers { get; }

    public TowerSide Left { get; }

    public TowerSide Right { get; }

    /// <exception cref="UserErrorException">There is no such file, it is no model, or a model of another kind.</exception>
    public static TwoTowerModel Load(MLContext ml, string path)
    {
        (ITransformer model, DataViewSchema inputs) = ModelFile.Load(ml, path);
        ITransformer[] before = [.. ModelParts.Of(model).TakeWhile(p => p is not ContrastiveTransformer)];
        if (ModelParts.Of(model).ElementAtOrDefault(before.Length) is ContrastiveTransformer towers)
            return new TwoTowerModel(
                model, towers, TowerSide.Of("left", towers.Left, before, inputs), TowerSide.Of("right", towers.Right, before, inputs));
        (model as IDisposable)?.Dispose();
        throw new UserErrorException($"'{path}' is no model with two towers: make one with 'mlnetext train contrastive'.");
    }

    /// <summary>A side by its name.</summary>
    public TowerSide this[Side side] => side == Side.Left ? Left : Right;

    /// <summary>The side on the other hand.</summary>
    public TowerSide Opposite(TowerSide side) => side == Left ? Right : Left;

    public void Dispose() => (_model as IDisposable)?.Dispose();
}
