# daypass. `make help` lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

# BENCH_OPTIONS=--realtime makes `make bench` fair on a machine that has other work; it needs root.
BENCH_OPTIONS ?=

# A binary that needs no Swift on the machine it runs on, with every address fixed up before main, and that looks for no
# library beside itself.
RELEASE_FLAGS = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -s
BINARY = .build/release/daypass
# libstdc++ alone in a folder, as an archive: the linker takes it before the shared library (see Package.swift).
BUILD_BINARY = mkdir -p .build/archives && ln -sf "$$(clang -print-file-name=libstdc++.a)" .build/archives/ \
	&& $(SWIFT) build $(RELEASE_FLAGS) --product daypass

# Debian's zsh looks for packages' completions in a folder of its own, and in site-functions under /usr/local only.
ZSH_FUNCTIONS = $(PREFIX)/share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)

.PHONY: all
all: ## build the release binary (the default)
	@.ci/setup build
	$(BUILD_BINARY)

.PHONY: demo
demo: ## the tour: install what is missing, build, and run the main job on an AWS of our own, offline
	@.ci/setup demo
	$(BUILD_BINARY)
	$(SWIFT) build --product aws-double
	@Tests/Demo/tour $(BINARY) .build/debug/aws-double

.PHONY: test
test: ## every test: unit, keyring, end to end, real clients
	@.ci/setup test
	$(BUILD_BINARY)
	@Tests/run $(SWIFT) test

.PHONY: bench
bench: ## how fast: every bar against secret-tool, curl and others; writes Tests/Benchmarks/results.md
	@.ci/setup bench
	$(BUILD_BINARY)
	$(SWIFT) build --product aws-double
	@PATH="$(CURDIR)/.build/python/bin:$$PATH" Tests/Benchmarks/bench $(BENCH_OPTIONS) $(BINARY) .build/debug/aws-double

.PHONY: soak
soak: ## every test, with as many rounds of what may go wrong seldom as an hour has time for
	@.ci/setup test
	$(BUILD_BINARY)
	@DAYPASS_SOAK=yes Tests/run $(SWIFT) test

# Both sanitizers in one flag: given apart, libFuzzer gets no coverage and finds nothing. gold cannot link the program.
FUZZ_RUNS ?= 1000000
FUZZ_FLAGS = -c release --product fuzz --scratch-path .build/fuzz -Xswiftc -enable-testing \
	-Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
FUZZ_PROGRAM = .build/fuzz/release/fuzz

.PHONY: fuzz
fuzz: ## libFuzzer with AddressSanitizer: FUZZ_RUNS inputs (1 000 000) for each parser and format
	@.ci/setup build
	DAYPASS_FUZZ=yes $(SWIFT) build $(FUZZ_FLAGS)
	@Tests/Fuzz/run $(FUZZ_PROGRAM) $(FUZZ_RUNS)

.PHONY: fuzz-check
fuzz-check: ## whether each fuzz target finds the bug planted in it within a minute
	@.ci/setup build
	DAYPASS_FUZZ=planted $(SWIFT) build $(FUZZ_FLAGS)
	@Tests/Fuzz/run $(FUZZ_PROGRAM) planted

.PHONY: lint
lint: ## what a change must pass before it is committed
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

.PHONY: install
install: ## install binary, manual pages and completions under $(DESTDIR)$(PREFIX)
	@test -x $(BINARY) || { echo "make install: run make first, as the user who builds" >&2; exit 1; }
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/daypass
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -D -m 644 completions/daypass.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/daypass
	install -D -m 644 completions/_daypass $(DESTDIR)$(ZSH_FUNCTIONS)/_daypass
	install -D -m 644 completions/daypass.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/daypass.fish

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/daypass $(DESTDIR)$(PREFIX)/share/man/man1/daypass*.1
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/daypass
	rm -f $(DESTDIR)$(ZSH_FUNCTIONS)/_daypass
	rm -f $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/daypass.fish

.PHONY: clean
clean: ## remove what was built
	rm -rf .build

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
