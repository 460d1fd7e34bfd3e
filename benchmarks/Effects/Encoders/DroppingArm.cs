using MLNetExt.LanguageModeling;
using MLNetExt.Objectives;

namespace MLNetExt.Benchmarks;

/// <summary>One way to train the encoders of the study of token dropping.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Configure">What it changes.</param>
internal sealed record DroppingArm(string Name, Action<EncoderDroppingOptions> Configure)
{
    public const string Full = "all tokens", Loss = "token dropping, by loss", Random = "token dropping, at random", Frequency = "token dropping, rare ones kept";

    /// <summary>All of them; λ is of means.</summary>
    public static IReadOnlyList<DroppingArm> All { get; } =
    [
        new(Full, _ => { }),
        new(Loss, o => o.Kind = TokenDroppingKind.TokenDropping),
        new(Random, o => (o.Kind, o.Score) = (TokenDroppingKind.TokenDropping, TokenDroppingScore.Random)),
        new(Frequency, o => (o.Kind, o.Score) = (TokenDroppingKind.TokenDropping, TokenDroppingScore.Frequency)),
        Consistent(0),
        Consistent(1),
        Consistent(5),
    ];

    /// <summary>The name of ScTD with a weight.</summary>
    public static string NameOfConsistent(double weight) => FormattableString.Invariant($"ScTD, λ={weight}");

    private static DroppingArm Consistent(double weight) => new(
        NameOfConsistent(weight), o => (o.Kind, o.ConsistencyScale, o.ConsistencyWeight) = (TokenDroppingKind.Consistent, ConsistencyScale.Mean, weight));
}
