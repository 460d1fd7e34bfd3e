using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Components;

[assembly: LoadableClass(typeof(ComponentTransformer), typeof(ComponentLoader), null, typeof(SignatureLoadModel),
    "MLNetExt component", ComponentLoader.LoaderSignature)]

namespace MLNetExt.Components;

/// <summary>The one loader that ML.NET knows: it reads which component a model holds and hands over to it.</summary>
internal static class ComponentLoader
{
    public const string LoaderSignature = "MLNetExtComponent";

    public static VersionInfo Version { get; } = new(
        modelSignature: "MLNETEXT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ComponentLoader).Assembly.FullName);

    public static ComponentTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var reader = new ModelReader(ctx);
        Type type = ComponentTypes.Resolve(reader.Component, reader.Assembly, typeof(ComponentTransformer));
        MethodInfo load = IsLoadable(type)
            ? typeof(ComponentLoader).GetMethod(nameof(Load), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type)
            : throw new InvalidDataException($"Component '{reader.Component}' ({type}) does not implement ILoadableTransformer<{type.Name}>.");
        return (ComponentTransformer)load.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [env, reader], null)!;
    }

    /// <summary>Whether the class itself can be loaded; one that inherits the interface would come back as its base.</summary>
    public static bool IsLoadable(Type type) => type.GetInterfaces().Any(i =>
        i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ILoadableTransformer<>) && i.GenericTypeArguments[0] == type);

    private static ComponentTransformer Load<T>(IHostEnvironment env, ModelReader reader)
        where T : ComponentTransformer, ILoadableTransformer<T> => T.Load(env, reader);
}
