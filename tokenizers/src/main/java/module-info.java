/** Tokenizers and chat templates. */
module dev.jebena.tokenizers {
    requires static org.jspecify;
    requires dev.jebena.json;

    exports dev.jebena.tokenizers;
}
