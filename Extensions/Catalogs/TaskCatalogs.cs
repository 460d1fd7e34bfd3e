namespace Microsoft.ML;

/// <summary>The catalogs of tasks that ML.NET itself does not know.</summary>
public static class TaskCatalogs
{
    extension(MLContext context)
    {
        /// <summary>Contrastive learning of pairs.</summary>
        public ContrastiveCatalog Contrastive => new(context);

        /// <summary>Language models.</summary>
        public LanguageModelingCatalog LanguageModeling => new(context);

        /// <summary>Language models that follow preferences.</summary>
        public PreferenceCatalog Preference => new(context);
    }
}
