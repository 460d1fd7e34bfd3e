using Microsoft.ML.Runtime;

namespace MLNetExt.Components;

/// <summary>A transformer that can be read back from a model that it wrote.</summary>
/// <typeparam name="TSelf">The transformer itself, which carries <see cref="LoadableComponentAttribute"/>.</typeparam>
public interface ILoadableTransformer<TSelf>
    where TSelf : ComponentTransformer, ILoadableTransformer<TSelf>
{
    /// <summary>Reads what <see cref="ComponentTransformer.Save"/> wrote.</summary>
    /// <param name="environment">The environment that loads the model.</param>
    /// <param name="reader">The component's own part of the model.</param>
    /// <exception cref="InvalidDataException">The model is damaged or of another version.</exception>
    static abstract TSelf Load(IHostEnvironment environment, ModelReader reader);
}
