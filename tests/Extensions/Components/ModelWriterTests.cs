using System.Reflection;
using System.Reflection.Emit;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;

namespace MLNetExt.Tests.Components;

[TestClass]
public sealed class ModelWriterTests
{
    [TestMethod]
    [DataRow("component.json")]
    [DataRow("Weights.safetensors")]
    [DataRow("Model.key")]
    [DataRow("folder/name")]
    [DataRow("..")]
    [DataRow("")]
    public void A_stream_name_that_is_taken_or_no_file_name_is_refused(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Save(new Plain { Stream = name }));
        StringAssert.Contains(error.Message, $"'{name}'");
    }

    [TestMethod]
    public void A_stream_of_another_name_is_saved() => Assert.IsGreaterThan(0, Save(new Plain { Stream = "vocabulary.txt" }));

    [TestMethod]
    public void A_class_that_only_inherits_how_to_load_is_refused_when_it_is_saved()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Save(new Derived()));
        StringAssert.Contains(error.Message, "ILoadableTransformer<Derived>");
    }

    [TestMethod]
    [DataRow("My App")]
    [DataRow("Müller.Netze")]
    public void Any_ordinary_assembly_name_can_be_stored(string name) => Assert.AreEqual(name, ComponentTypes.AssemblyOf(TypeIn(name)));

    [TestMethod]
    public void An_assembly_name_that_could_not_be_read_back_is_refused_by_name()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ComponentTypes.AssemblyOf(TypeIn("a, b")));
        StringAssert.Contains(error.Message, "'a, b'");
    }

    private static long Save(ITransformer transformer)
    {
        using var stream = new MemoryStream();
        new MLContext(seed: 1).Model.Save(transformer, null, stream);
        return stream.Length;
    }

    private static Type TypeIn(string assembly) =>
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName { Name = assembly }, AssemblyBuilderAccess.Run)
            .DefineDynamicModule("module").DefineType("Type", TypeAttributes.Public).CreateType();

    [LoadableComponent("MLNetExt.Tests.Plain")]
    private class Plain : ComponentTransformer, ILoadableTransformer<Plain>
    {
        public string? Stream { get; init; }

        public override bool IsRowToRowMapper => false;

        public static Plain Load(IHostEnvironment environment, ModelReader reader) => new();

        public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public override IDataView Transform(IDataView input) => input;

        public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        protected override void Save(ModelWriter writer)
        {
            writer.WriteState(new State(1));
            if (Stream is not null)
                writer.WriteStream(Stream, stream => stream.WriteByte(1));
        }
    }

    [LoadableComponent("MLNetExt.Tests.Derived")]
    private sealed class Derived : Plain;

    private sealed record State(int Version);
}
