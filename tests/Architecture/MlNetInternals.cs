using Mono.Cecil;

namespace MLNetExt.Tests.Architecture;

/// <summary>What an assembly uses of the two assemblies whose internals we compile against.</summary>
internal static class MlNetInternals
{
    public static string[] Assemblies { get; } = ["Microsoft.ML.Core", "Microsoft.ML.Data"];

    /// <summary>Every type and member of <see cref="Assemblies"/> that the module refers to.</summary>
    public static IEnumerable<MemberReference> References(ModuleDefinition module) =>
        module.GetMemberReferences()
            .Concat(module.GetTypeReferences())
            .Concat(module.Assembly.CustomAttributes.SelectMany(a => a.ConstructorArguments).Select(a => a.Value).OfType<TypeReference>())
            .Where(r => Assemblies.Contains(ScopeOf(r)));

    /// <summary>Those of them that ML.NET, as it lies next to the tests, does not have.</summary>
    public static IEnumerable<string> Missing(ModuleDefinition module) => Missing(References(module));

    public static IEnumerable<string> Missing(IEnumerable<MemberReference> references) =>
        references.Where(r => r.Resolve() is null).Select(r => $"{ScopeOf(r)}: {r.FullName}").Distinct().Order(StringComparer.Ordinal);

    /// <summary>Those of them that are not public, as <c>Assembly: Type</c> or <c>Assembly: Type.Member</c>.</summary>
    public static IEnumerable<string> Used(ModuleDefinition module) =>
        References(module).Select(r => r.Resolve()).OfType<IMemberDefinition>().Where(IsInternal).Select(Describe).Distinct().Order(StringComparer.Ordinal);

    private static string? ScopeOf(MemberReference member) => member switch
    {
        TypeReference type => type.GetElementType().Scope is AssemblyNameReference assembly ? assembly.Name : null,
        _ => ScopeOf(member.DeclaringType),
    };

    private static bool IsInternal(IMemberDefinition member) => member switch
    {
        TypeDefinition type => IsInternal(type),
        MethodDefinition method => IsInternal(method.DeclaringType) || !(method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly),
        FieldDefinition field => IsInternal(field.DeclaringType) || !(field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly),
        _ => false,
    };

    private static bool IsInternal(TypeDefinition type) =>
        !(type.IsPublic || type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly)
        || (type.DeclaringType is { } outer && IsInternal(outer));

    private static string Describe(IMemberDefinition member)
    {
        string assembly = (member as TypeDefinition ?? member.DeclaringType).Module.Assembly.Name.Name;
        return member is TypeDefinition type
            ? $"{assembly}: {Name(type)}"
            : $"{assembly}: {Name(member.DeclaringType)}.{member.Name.TrimStart('.')}";
    }

    private static string Name(TypeDefinition type) => type.FullName.Replace('/', '.');
}
