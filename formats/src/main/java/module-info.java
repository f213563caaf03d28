/** Model files: named tensors and metadata. */
module dev.jebena.formats {
    requires static org.jspecify;
    requires transitive dev.jebena.compute;
    requires dev.jebena.json;

    exports dev.jebena.formats;
}
