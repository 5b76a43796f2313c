/*
 * Finds a variable of a library that does not export it, by the table of symbols in its file. Some
 * vendors strip that table, and a file may have been replaced since it was loaded.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "queue.h"

struct symbols {
    const char *file;
    size_t size;
    const Elf64_Sym *all;
    size_t count;
    const char *names;
    size_t names_size;
};

static bool holds(const struct symbols *symbols, uint64_t from, uint64_t size) {
    return from <= symbols->size && size <= symbols->size - from && from % sizeof(uint64_t) == 0;
}

static bool holds_names(const struct symbols *symbols, const Elf64_Shdr *names) {
    return names->sh_size > 0 && names->sh_offset <= symbols->size &&
           names->sh_size <= symbols->size - names->sh_offset &&
           symbols->file[names->sh_offset + names->sh_size - 1] == 0;
}

static bool read_sections(struct symbols *symbols) {
    const Elf64_Ehdr *elf = (const Elf64_Ehdr *)symbols->file;
    if (!holds(symbols, 0, sizeof *elf) || memcmp(elf->e_ident, ELFMAG, SELFMAG) != 0 ||
        elf->e_ident[EI_CLASS] != ELFCLASS64 || elf->e_shentsize != sizeof(Elf64_Shdr) ||
        !holds(symbols, elf->e_shoff, elf->e_shnum * sizeof(Elf64_Shdr))) {
        return false;
    }
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(symbols->file + elf->e_shoff);
    for (int i = 0; i < elf->e_shnum; i++) {
        const Elf64_Shdr *table = &sections[i];
        if (table->sh_type != SHT_SYMTAB || table->sh_link >= elf->e_shnum) continue;
        const Elf64_Shdr *names = &sections[table->sh_link];
        if (!holds(symbols, table->sh_offset, table->sh_size) || !holds_names(symbols, names)) {
            return false;
        }
        symbols->all = (const Elf64_Sym *)(symbols->file + table->sh_offset);
        symbols->count = table->sh_size / sizeof(Elf64_Sym);
        symbols->names = symbols->file + names->sh_offset;
        symbols->names_size = names->sh_size;
        return true;
    }
    return false;
}

static const Elf64_Sym *find(const struct symbols *symbols, int type, const char *name) {
    for (size_t i = 0; i < symbols->count; i++) {
        const Elf64_Sym *symbol = &symbols->all[i];
        if (ELF64_ST_TYPE(symbol->st_info) == type && symbol->st_name < symbols->names_size &&
            strcmp(symbols->names + symbol->st_name, name) == 0) {
            return symbol;
        }
    }
    return NULL;
}

static void *locate(const struct symbols *symbols, const struct oq_wanted *wanted) {
    const Elf64_Sym *known = find(symbols, STT_FUNC, wanted->known);
    const Elf64_Sym *variable = find(symbols, STT_OBJECT, wanted->variable);
    return known != NULL && wanted->base + known->st_value == wanted->known_address &&
                   variable != NULL && variable->st_size == wanted->size
               ? wanted->base + variable->st_value
               : NULL;
}

void *oq_symbol(const char *path, const struct oq_wanted *wanted) {
    void *found = NULL;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    if (fstat(fd, &st) == 0 && st.st_size > 0) {
        struct symbols symbols = {.size = (size_t)st.st_size};
        void *file = mmap(NULL, symbols.size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (file != MAP_FAILED) {
            symbols.file = file;
            if (read_sections(&symbols)) found = locate(&symbols, wanted);
            munmap(file, symbols.size);
        }
    }
    close(fd);
    return found;
}
