#include "ctoml.h"

#include <cstdio>

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

namespace {

struct walk {
    everlock_toml_callback callback;
    void *context;

    void tell(everlock_toml_event event) const { callback(context, &event); }

    void node(const toml::node &node, const toml::key *key) const {
        everlock_toml_event event{};
        const toml::source_position begin = key ? key->source().begin : node.source().begin;
        event.line = begin.line;
        event.column = begin.column;
        if (key) {
            event.key = key->str().data();
            event.key_bytes = key->str().size();
        }
        if (const auto *table = node.as_table()) {
            event.kind = EVERLOCK_TOML_BEGIN_TABLE;
            tell(event);
            for (const auto &[name, value] : *table) this->node(value, &name);
            end();
        } else if (const auto *array = node.as_array()) {
            event.kind = EVERLOCK_TOML_BEGIN_ARRAY;
            tell(event);
            for (const auto &value : *array) this->node(value, nullptr);
            end();
        } else {
            scalar(node, event);
        }
    }

    void scalar(const toml::node &node, everlock_toml_event event) const {
        if (const auto *text = node.as_string()) {
            event.kind = EVERLOCK_TOML_STRING;
            event.text = text->get().data();
            event.text_bytes = text->get().size();
        } else if (const auto *integer = node.as_integer()) {
            event.kind = EVERLOCK_TOML_INTEGER;
            event.integer = integer->get();
        } else if (const auto *boolean = node.as_boolean()) {
            event.kind = EVERLOCK_TOML_BOOLEAN;
            event.integer = boolean->get() ? 1 : 0;
        } else {
            event.kind = EVERLOCK_TOML_OTHER;
        }
        tell(event);
    }

    void end() const {
        everlock_toml_event event{};
        event.kind = EVERLOCK_TOML_END;
        tell(event);
    }
};

} // namespace

int everlock_toml_parse(const char *bytes, size_t count, everlock_toml_callback callback,
                        void *context, everlock_toml_error *error) {
    try {
        const toml::table table = toml::parse(std::string_view(bytes, count));
        walk{callback, context}.node(table, nullptr);
        return 0;
    } catch (const toml::parse_error &failure) {
        error->line = failure.source().begin.line;
        std::snprintf(error->message, sizeof error->message, "%s",
                      std::string(failure.description()).c_str());
    } catch (const std::exception &failure) {
        error->line = 0;
        std::snprintf(error->message, sizeof error->message, "%s", failure.what());
    }
    return -1;
}
