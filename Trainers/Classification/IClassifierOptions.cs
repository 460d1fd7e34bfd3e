namespace MLNetExt.Classification;

/// <summary>What the options of all classifiers have: labels, loss and validation. See <see cref="SquentropyOptions"/>.</summary>
internal interface IClassifierOptions
{
    string LabelColumnName { get; }

    string? ExampleWeightColumnName { get; }

    ClassificationLoss Loss { get; }

    double SquareWeight { get; }

    FewClassesPolicy FewClasses { get; }

    double LabelSmoothing { get; }

    double TrueClassWeight { get; }

    double TrueClassTarget { get; }

    Dictionary<string, double>? ClassWeights { get; }

    bool BalanceClasses { get; }

    MissingLabelPolicy MissingLabels { get; }

    double ValidationFraction { get; }

    bool TemperatureScaling { get; }
}
