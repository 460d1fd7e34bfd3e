using System.Text.Json;

namespace MLNetExt.Components;

/// <summary>A loadable object as data: which class it is of, and its public settable properties as JSON.</summary>
/// <remarks>This is how a model stores the parts that a user may supply, such as a network: as the class's name and its
/// settings. The class needs a public parameterless constructor; what it holds beside its properties is not stored.</remarks>
/// <param name="Component">The id in the class's <see cref="LoadableComponentAttribute"/>.</param>
/// <param name="Assembly">The simple name of the class's assembly.</param>
/// <param name="State">The object's properties.</param>
public sealed record ComponentDescription(string Component, string Assembly, JsonElement State)
{
    /// <summary>Describes <paramref name="component"/>, and makes sure that the description brings an equal object back.</summary>
    /// <exception cref="InvalidOperationException">The class carries no <see cref="LoadableComponentAttribute"/>, or its
    /// properties do not survive the way to JSON and back (a delegate, for example).</exception>
    public static ComponentDescription Of(object component)
    {
        ArgumentNullException.ThrowIfNull(component);
        Type type = component.GetType();
        var description = new ComponentDescription(ComponentTypes.IdOf(type), ComponentTypes.AssemblyOf(type), ToJson(component));
        object restored = description.Create<object>();
        if (!JsonElement.DeepEquals(ToJson(restored), description.State))
            throw new InvalidOperationException(
                $"{type} does not survive being saved: every property that its behaviour depends on must be public, with a getter and a setter.");
        return description;
    }

    /// <summary>Makes the object that was described.</summary>
    /// <typeparam name="T">What the object must be.</typeparam>
    /// <exception cref="InvalidDataException">The class is missing, is not a <typeparamref name="T"/>, or does not take the stored properties.</exception>
    public T Create<T>()
        where T : class
    {
        Type type = ComponentTypes.Resolve(Component, Assembly, typeof(T));
        return (T)ModelJson.Read(State, type, $"The stored state of component '{Component}'");
    }

    private static JsonElement ToJson(object component)
    {
        try
        {
            return JsonSerializer.SerializeToElement(component, component.GetType(), ModelJson.Options);
        }
        catch (NotSupportedException e)
        {
            throw new InvalidOperationException(
                $"{component.GetType()} cannot be stored in a model: {e.Message} Use plain properties (numbers, text, lists); a lambda cannot be saved.", e);
        }
    }
}
