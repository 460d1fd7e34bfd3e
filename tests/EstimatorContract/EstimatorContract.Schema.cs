using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;

namespace MLNetExt.Tests.Contract;

public abstract partial class EstimatorContract<TOptions, TRow, TPrediction>
{
    [TestMethod]
    public void Output_schema_is_delivered_as_promised()
    {
        using Fitted fitted = Fit();
        IDataView data = Data(fitted.Context);
        SchemaShape promised = Create(fitted.Context, Options()).GetOutputSchema(SchemaShapes.Of(data.Schema));
        AreEqual(promised, SchemaShapes.Of(fitted.Transformer.GetOutputSchema(data.Schema)), "GetOutputSchema");
        AreEqual(promised, SchemaShapes.Of(fitted.Transformer.Transform(data).Schema), "Transform");
    }

    [TestMethod]
    public void A_missing_column_is_named_before_training()
    {
        foreach (string column in RequiredColumns.Keys)
        {
            var ml = new MLContext(seed: 1);
            IDataView data = Data(ml);
            IDataView without = ml.Transforms.DropColumns(column).Fit(data).Transform(data);
            IsRefused(ml, without, $"no column '{column}'", $"'{column}'");
        }
    }

    [TestMethod]
    public void A_column_of_the_wrong_type_is_named_before_training()
    {
        foreach ((string column, string expected) in RequiredColumns)
        {
            var ml = new MLContext(seed: 1);
            IDataView data = Data(ml);
            SchemaDefinition schema = SchemaDefinition.Create(typeof(Wrong));
            schema[nameof(Wrong.Value)].ColumnName = column;
            IDataView wrong = ml.Transforms.CustomMapping<Nothing, Wrong>((_, _) => { }, contractName: null, outputSchemaDefinition: schema).Fit(data).Transform(data);
            IsRefused(ml, wrong, $"column '{column}' of type DateTime", $"'{column}'", expected, nameof(DateTime));
        }
    }

    [TestMethod]
    public void Other_columns_do_not_matter_and_pass_through()
    {
        using Fitted fitted = Fit();
        MLContext ml = fitted.Context;
        IDataView data = Data(ml);
        IDataView wider = ml.Transforms.CustomMapping<Nothing, Extra>((_, extra) => (extra.Text, extra.Number) = ("text", 5), contractName: null).Fit(data).Transform(data);
        using var fittedOnWider = new Fitted(ml, Create(ml, Options()).Fit(wider));
        Table.AreEqual(Outputs(fitted), Outputs(fittedOnWider.Transformer, wider), 0, "extra columns change the result");
        if (!MapsRows)
            return;

        IDataView output = fitted.Transformer.Transform(wider);
        string[] columns = [.. wider.Schema.Where(c => !c.IsHidden).Select(c => c.Name)];
        foreach (string column in columns)
            Assert.AreEqual(wider.Schema[column].Type, output.Schema[column].Type, $"column '{column}' changed its type");
        Table.AreEqual(Table.Read(wider, columns), Table.Read(output, columns), 0, "a column that was there changed");
    }

    private void IsRefused(MLContext ml, IDataView data, string what, params string[] messageParts)
    {
        IEstimator<ITransformer> estimator = Create(ml, Options());
        foreach (Action act in new Action[] { () => estimator.GetOutputSchema(SchemaShapes.Of(data.Schema)), () => estimator.Fit(data) })
        {
            var error = Assert.Throws<ArgumentException>(act, $"{what} was accepted");
            foreach (string part in messageParts)
                Assert.Contains(part, error.Message, $"the error for {what}");
        }
    }

    private static void AreEqual(SchemaShape promised, SchemaShape delivered, string what)
    {
        CollectionAssert.AreEquivalent(promised.Select(c => c.Name).ToArray(), delivered.Select(c => c.Name).ToArray(), $"{what}: names of columns");
        foreach (SchemaShape.Column column in promised)
        {
            SchemaShape.Column other = delivered.Find(column.Name)!.Value;
            string name = $"{what}: '{column.Name}'";
            Assert.AreEqual(column.Kind, other.Kind, $"{name}: kind");
            Assert.AreEqual(column.ItemType, other.ItemType, $"{name}: type of items");
            Assert.AreEqual(column.IsKey, other.IsKey, $"{name}: whether it is a key");
            AreEqual(column.Annotations, other.Annotations, $"{name}: annotations");
        }
    }

    private sealed class Nothing;

    private sealed class Wrong
    {
        public DateTime Value { get; set; }
    }

    private sealed class Extra
    {
        public string Text { get; set; } = "";

        public int Number { get; set; }
    }
}
