namespace MLNetExt.Benchmarks;

/// <summary>What a model recited of the canaries, and what it learned otherwise.</summary>
/// <param name="ExactMatch">The share of canaries whose 32 tokens behind the first 32 were recited.</param>
/// <param name="RougeL">RougeL of what it wrote.</param>
/// <param name="TokenAccuracy">The share of equal tokens.</param>
/// <param name="CanaryLoss">The mean loss of the canaries' tokens, in nats.</param>
/// <param name="ValidationLoss">That of passages of the same texts that are never seen.</param>
/// <param name="Diverged">How many continuations differ from their canary.</param>
/// <param name="DivergedOnDropped">How many of these first differ at a token that the mask dropped; null without a mask.</param>
/// <param name="MembershipAuc">The area under the curve of membership inference by the loss.</param>
internal sealed record GoldfishOutcome(
    double ExactMatch, double RougeL, double TokenAccuracy, double CanaryLoss, double ValidationLoss, int Diverged, int? DivergedOnDropped, double MembershipAuc);
