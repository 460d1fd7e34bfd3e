using MLNetExt.Tests.ChildProcess;

if (args is [])
{
    Console.Error.WriteLine("usage: MLNetExt.ChildProcess <verb> [argument ...]");
    return 2;
}

switch (args[0])
{
    case "torch-add":
        TorchAdd.Run();
        return 0;
    case "load-model":
        LoadModel.Run(args[1], args.ElementAtOrDefault(2), args.ElementAtOrDefault(3));
        return 0;
    case "score-model":
        ScoreModel.Run(args[1], args[2], args[3]);
        return 0;
    default:
        Console.Error.WriteLine($"unknown verb: {args[0]}");
        return 2;
}
