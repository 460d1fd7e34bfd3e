using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MLNetExt.Tests.Architecture;

/// <summary>Compiled assemblies, read and not run.</summary>
internal static class Compiled
{
    private static readonly string s_folder = AppContext.BaseDirectory;

    public static ModuleDefinition Extensions { get; } = Read("MLNetExt.Extensions");

    public static ModuleDefinition Evaluation { get; } = Read("MLNetExt.Evaluation");

    public static ModuleDefinition Transforms { get; } = Read("MLNetExt.Transforms");

    public static ModuleDefinition Trainers { get; } = Read("MLNetExt.Trainers");

    public static ModuleDefinition[] Product => [Extensions, Evaluation, Transforms, Trainers];

    /// <summary>Reads an assembly that lies next to the tests; what it refers to is looked up there and in the runtime.</summary>
    public static ModuleDefinition Read(string name)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(s_folder);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        return ModuleDefinition.ReadModule(Path.Combine(s_folder, name + ".dll"), new ReaderParameters { AssemblyResolver = resolver });
    }

    /// <summary>The type that was written in the source: not the closures and state machines that the compiler put inside it.</summary>
    public static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    public static IEnumerable<TypeDefinition> TypesIn(ModuleDefinition module, string space) =>
        module.GetTypes().Where(t => Outermost(t).Namespace == space);

    /// <summary>Every method that a type's code calls, or takes the address of.</summary>
    public static IEnumerable<MethodReference> Calls(TypeDefinition type) => type.Methods
        .Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MethodReference>();

    /// <summary>Every type that a type refers to: by inheritance, attributes, members and code.</summary>
    public static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        IEnumerable<TypeReference?> direct =
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. Attributes(type),
            .. type.Fields.SelectMany(f => Attributes(f).Append(f.FieldType)),
            .. type.Properties.SelectMany(p => Attributes(p).Append(p.PropertyType)),
            .. type.GenericParameters.SelectMany(g => g.Constraints).Select(c => c.ConstraintType),
            .. type.Methods.SelectMany(Signature),
            .. type.Methods.Where(m => m.HasBody).SelectMany(Body),
        ];
        return direct.OfType<TypeReference>().SelectMany(Parts);
    }

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider member) => member.CustomAttributes
        .SelectMany(a => a.ConstructorArguments.Select(c => c.Value).OfType<TypeReference>().Append(a.AttributeType));

    private static IEnumerable<TypeReference?> Signature(MethodDefinition method) =>
        Attributes(method).Append(method.ReturnType)
            .Concat(method.Parameters.SelectMany(p => Attributes(p).Append(p.ParameterType)))
            .Concat(method.Overrides.Select(o => o.DeclaringType));

    private static IEnumerable<TypeReference?> Body(MethodDefinition method) =>
        method.Body.Variables.Select(v => v.VariableType)
            .Concat(method.Body.ExceptionHandlers.Select(h => h.CatchType))
            .Concat(method.Body.Instructions.SelectMany(Operand));

    private static IEnumerable<TypeReference> Operand(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        _ => [],
    };

    /// <summary>The type itself, and the types that it is made of.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        FunctionPointerType pointer => pointer.Parameters.Select(p => p.ParameterType).Append(pointer.ReturnType).SelectMany(Parts),
        TypeSpecification element => Parts(element.ElementType),
        _ => [type],
    };
}
