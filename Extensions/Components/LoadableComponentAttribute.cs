namespace MLNetExt.Components;

/// <summary>Names a class that saved models may bring back to life.</summary>
/// <remarks>A model stores <paramref name="id"/> and the simple name of the class's assembly, nothing else: no path, no
/// version, no code. Loading accepts only a class that carries this attribute with the same id.</remarks>
/// <param name="id">A name that never changes, such as <c>"Contoso.WideNetwork"</c>: 1 to 100 letters, digits, dots, dashes or underscores.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class LoadableComponentAttribute(string id) : Attribute
{
    /// <summary>The name that saved models know the class by.</summary>
    public string Id { get; } = id;
}
