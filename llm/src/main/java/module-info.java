/** Language models: load, generate, embed. */
module dev.jebena.llm {
    requires static org.jspecify;
    requires transitive dev.jebena.compute;
    requires transitive dev.jebena.formats;
    requires transitive dev.jebena.tokenizers;
    requires dev.jebena.json;

    exports dev.jebena.llm;
}
