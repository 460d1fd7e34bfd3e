using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MLNetExt.Components;

/// <summary>Finds the class behind a component id, among the classes that were marked as loadable.</summary>
internal static partial class ComponentTypes
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, Type>> s_components = new();

    public static string IdOf(Type type)
    {
        string id = type.GetCustomAttribute<LoadableComponentAttribute>(inherit: false)?.Id
            ?? throw new InvalidOperationException(
                $"{type} cannot be stored in a model: mark the class with [LoadableComponent(\"a name of its own\")].");
        if (!ComponentId().IsMatch(id))
            throw new InvalidOperationException(
                $"{type} has the component id '{id}': use 1 to 100 letters, digits, dots, dashes or underscores.");
        if (type.IsGenericType)
            throw new InvalidOperationException($"{type} is generic: a loadable component must be an ordinary class.");
        return id;
    }

    /// <exception cref="InvalidOperationException">The assembly's name is none that a model can store.</exception>
    public static string AssemblyOf(Type type)
    {
        string name = type.Assembly.GetName().Name!;
        return AssemblyName().IsMatch(name)
            ? name
            : throw new InvalidOperationException(
                $"{type} cannot be stored in a model, because its assembly is named '{name}': a name may not hold commas, quotes, slashes, '=' or control characters.");
    }

    public static Type Resolve(string id, string assemblyName, Type baseType)
    {
        if (!ComponentId().IsMatch(id) || !AssemblyName().IsMatch(assemblyName))
            throw new InvalidDataException("The model's component header is damaged: it names no valid component.");

        Type type = ComponentsOf(Load(id, assemblyName)).GetValueOrDefault(id)
            ?? throw new InvalidDataException(
                $"The model holds a component '{id}' that this version of {assemblyName} does not have: reference the version that wrote the model, or a newer one.");
        return baseType.IsAssignableFrom(type)
            ? type
            : throw new InvalidDataException($"The model uses component '{id}' ({type}) where a {baseType.Name} belongs.");
    }

    private static Assembly Load(string id, string assemblyName)
    {
        try
        {
            return Assembly.Load(new AssemblyName(assemblyName));
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            throw new InvalidDataException(
                $"The model holds a component '{id}' of {assemblyName}, which this application does not have: reference the package {assemblyName}. ({e.Message})");
        }
    }

    private static Dictionary<string, Type> ComponentsOf(Assembly assembly) => s_components.GetOrAdd(assembly, static assembly =>
    {
        var components = new Dictionary<string, Type>();
        foreach (Type type in TypesOf(assembly).Where(t => t.IsDefined(typeof(LoadableComponentAttribute), inherit: false)))
        {
            if (!components.TryAdd(IdOf(type), type))
                throw new InvalidOperationException($"{type} and {components[IdOf(type)]} carry the same component id '{IdOf(type)}'.");
        }

        return components;
    });

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        // Nothing else can carry the attribute: the types of an assembly that has nothing to do with us are not even read.
        Assembly own = typeof(LoadableComponentAttribute).Assembly;
        if (assembly != own && assembly.GetReferencedAssemblies().All(a => a.Name != own.GetName().Name))
            return [];
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            // A type whose own dependencies are missing does not stand in the way of the others.
            return e.Types.OfType<Type>();
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.\-]{1,100}\z")]
    private static partial Regex ComponentId();

    /// <summary>Any simple name: what could end it, or name a path or a version, is left out.</summary>
    [GeneratedRegex(@"^[^,=""'/\\\p{C}]{1,200}\z")]
    private static partial Regex AssemblyName();
}
