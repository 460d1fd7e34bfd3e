using Mono.Cecil;

// Usage: Publicizer <output folder> <assembly>...
// Writes a copy of each assembly in which every type, method and field is public. The copies are compiled
// against and never run: at run time IgnoresAccessChecksToAttribute opens the original.

string output = args[0];
Directory.CreateDirectory(output);
foreach (string source in args.Skip(1))
{
    using var resolver = new DefaultAssemblyResolver();
    resolver.AddSearchDirectory(Path.GetDirectoryName(source));
    using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(
        source, new ReaderParameters { AssemblyResolver = resolver });
    foreach (TypeDefinition type in assembly.MainModule.GetTypes())
        Publicize(type);
    assembly.Write(Path.Combine(output, Path.GetFileName(source)));
}

static void Publicize(TypeDefinition type)
{
    if (type.IsNested)
        type.IsNestedPublic = true;
    else
        type.IsPublic = true;

    // An explicit interface implementation must stay private: public, it would clash with its interface's member.
    foreach (MethodDefinition method in type.Methods.Where(m => !(m.IsPrivate && m.HasOverrides)))
        method.IsPublic = true;

    // An event's backing field has the event's own name: public, every use of the event would be ambiguous.
    var events = type.Events.Select(e => e.Name).ToHashSet();
    foreach (FieldDefinition field in type.Fields.Where(f => !events.Contains(f.Name)))
        field.IsPublic = true;
}
