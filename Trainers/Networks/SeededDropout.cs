using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Dropout (Srivastava et al., 2014) that draws from a generator of its own, so that a resumed run repeats it exactly.</summary>
internal sealed class SeededDropout : nn.Module<Tensor, Tensor>
{
    private readonly double _rate;
    private readonly Generator _generator;

    public SeededDropout(double rate, Generator generator)
        : base(nameof(SeededDropout))
    {
        _rate = rate;
        _generator = generator;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        if (!training || _rate == 0)
            return input;
        // The mask is drawn on the CPU, where the generator lives, so that every device drops the same units.
        using Tensor mask = empty(input.shape).bernoulli_(1 - _rate, _generator).to(input.device).TimesInPlace(1 / (1 - _rate));
        return input * mask;
    }
}
