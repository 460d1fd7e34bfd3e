using Mono.Cecil;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Architecture;

/// <summary>There is one training loop: nothing outside MLNetExt.Training updates weights, and only training steps run a backward pass;
/// the recomputation of activations goes on with one, inside it, and a preference loss differentiates its function of the scores, the model not among
/// its inputs.</summary>
[TestClass]
public sealed class OneTrainingLoopTests
{
    [TestMethod]
    public void There_is_no_second_training_loop() =>
        Assert.AreEqual(string.Empty, string.Join('\n', Compiled.Product.SelectMany(m => m.GetTypes()).SelectMany(Loops)));

    [TestMethod]
    public void A_second_training_loop_is_found()
    {
        ModuleDefinition tests = Compiled.Read("MLNetExt.Architecture.Tests");

        string[] found = [.. tests.GetTypes().SelectMany(Loops)];

        CollectionAssert.AreEquivalent(
            (string[])
            [
                "MLNetExt.Tests.Architecture.OneTrainingLoopTests calls TorchSharp.torch/Tensor.backward",
                "MLNetExt.Tests.Architecture.OneTrainingLoopTests calls TorchSharp.torch/optim/Optimizer.step",
                "MLNetExt.Tests.Architecture.OneTrainingLoopTests calls TorchSharp.torch/optim.SGD",
            ],
            found);
    }

    [TestMethod]
    public void Only_the_loop_runs_training_steps_and_optimisers()
    {
        string[] callers = [.. Compiled.Trainers.GetTypes()
            .Where(t => Compiled.Calls(t).Any(m => m is { DeclaringType.FullName: "MLNetExt.Training.ITrainingStep", Name: "Accumulate" } or { DeclaringType.FullName: "MLNetExt.Training.IOptimizer", Name: "Step" }))
            .Select(t => Compiled.Outermost(t).FullName).Distinct()];

        CollectionAssert.AreEqual((string[])["MLNetExt.Training.TrainingRun"], callers);
    }

    /// <summary>What a type does that a training loop alone may do.</summary>
    private static IEnumerable<string> Loops(TypeDefinition type)
    {
        TypeDefinition outer = Compiled.Outermost(type);
        return Compiled.Calls(type)
            .Where(m => IsBackward(m) ? !MayGoBackward(outer) : IsOptimizer(m))
            .Select(m => $"{outer.FullName} calls {m.DeclaringType.FullName}.{m.Name}").Distinct();
    }

    private static bool MayGoBackward(TypeDefinition type) =>
        type.FullName is "MLNetExt.Networks.BlockRecomputation" or "MLNetExt.Objectives.CompletionLoss" || type.Interfaces.Any(i => i.InterfaceType.FullName == "MLNetExt.Training.ITrainingStep");

    private static bool IsBackward(MethodReference method) => (method.DeclaringType.FullName, method.Name) is
        ("TorchSharp.torch/Tensor", "backward") or ("TorchSharp.torch/autograd", "backward" or "grad");

    private static bool IsOptimizer(MethodReference method) =>
        method.DeclaringType.FullName.StartsWith("TorchSharp.torch/optim", StringComparison.Ordinal);

    /// <summary>A loop as it must not be written; it is read, never run.</summary>
    private static void SecondLoop(Tensor weights)
    {
        using var optimizer = optim.SGD([new TorchSharp.Modules.Parameter(weights)], 0.1);
        weights.sum().backward();
        optimizer.step();
    }
}
