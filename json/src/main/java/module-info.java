/** A bounded JSON reader and writer for the core modules, which need nothing but the JDK. */
module dev.jebena.json {
    requires static org.jspecify;

    exports dev.jebena.json;
}
