# daypass. `make help` lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

# BENCH_OPTIONS=--realtime makes `make bench` fair on a machine that has other work; it needs root.
BENCH_OPTIONS ?=

# A binary that needs no Swift on the machine it runs on, with every address fixed up before main, and that looks for no
# library beside itself.
RELEASE_FLAGS = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -s $(SHORT_CALLS) $(SAME_ANYWHERE)
# A call takes a few milliseconds, most of them for reading the program: the less of it the better. By default generic
# types are found by their names, for which the runtime searches all conformances: that was 1 ms of 5.
SHORT_CALLS = -Xswiftc -Osize -Xswiftc -Xfrontend -Xswiftc -function-sections \
	-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
# The folder of the checkout is in no path, nor in the digests that incremental code generation leaves in the binary.
SAME_ANYWHERE = -Xcc "-ffile-prefix-map=$(CURDIR)=." -Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=." \
	-Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen
BINARY = .build/release/daypass
# The credential server, which daypass becomes for it.
SERVER = $(BINARY)-server
# libstdc++ alone in a folder, as an archive: the linker takes it before the shared library (see Package.swift).
BUILD_BINARY = mkdir -p .build/archives && ln -sf "$$(clang -print-file-name=libstdc++.a)" .build/archives/ \
	&& $(SWIFT) build $(RELEASE_FLAGS) --product daypass && $(SWIFT) build $(RELEASE_FLAGS) --product daypass-server

# Debian's zsh looks for packages' completions in a folder of its own, and in site-functions under /usr/local only.
ZSH_FUNCTIONS = $(PREFIX)/share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)

##@ Use it
.PHONY: all
all: ## build the release binaries, .build/release/daypass and daypass-server (the default)
	@.ci/setup build
	$(BUILD_BINARY)

.PHONY: demo
demo: ## watch it work: build, then run the main commands against an AWS on this machine, offline
	@.ci/setup demo
	$(BUILD_BINARY)
	$(SWIFT) build --product aws-double
	@Tests/Demo/tour $(BINARY) .build/debug/aws-double

.PHONY: install
install: ## install the binaries, manual pages and completions under DESTDIR and PREFIX (/usr/local)
	@test -x $(BINARY) -a -x $(SERVER) || { echo "make install: run make first, as the user who builds" >&2; exit 1; }
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/daypass
	install -D -m 755 $(SERVER) $(DESTDIR)$(PREFIX)/libexec/daypass/daypass-server
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 644 man/*.7 $(DESTDIR)$(PREFIX)/share/man/man7
	install -D -m 644 completions/daypass.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/daypass
	install -D -m 644 completions/_daypass $(DESTDIR)$(ZSH_FUNCTIONS)/_daypass
	install -D -m 644 completions/daypass.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/daypass.fish

.PHONY: uninstall
uninstall: ## remove what make install installed
	rm -rf $(DESTDIR)$(PREFIX)/libexec/daypass
	rm -f $(DESTDIR)$(PREFIX)/bin/daypass $(DESTDIR)$(PREFIX)/share/man/man1/daypass*.1
	rm -f $(DESTDIR)$(PREFIX)/share/man/man7/daypass*.7
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/daypass
	rm -f $(DESTDIR)$(ZSH_FUNCTIONS)/_daypass
	rm -f $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/daypass.fish

##@ Pack it
PACKAGES = .build/packages

.PHONY: deb
deb: all ## a Debian package in .build/packages, the SPDX list of what is linked into it, and SHA-256 sums
	@.ci/setup package
	@.packaging/pack $(BINARY) $(PACKAGES) deb

.PHONY: tarball
tarball: all ## the same as daypass-VERSION-linux-ARCH.tar.gz, with install.sh
	@.ci/setup package
	@.packaging/pack $(BINARY) $(PACKAGES) tarball

.PHONY: package-test
package-test: deb tarball ## lintian; install both in a bare Debian and Ubuntu, use them, remove them (root, network)
	@.ci/setup package-test
	$(SWIFT) build --product aws-double
	lintian --fail-on error,warning $(PACKAGES)/daypass_*.deb
	@.packaging/test $(PACKAGES) .build/debug/aws-double

##@ Change it
# The tests left out by name evaluate thousands of texts in each shell; Package.swift leaves out the other slow ones.
.PHONY: check
check: ## the inner loop, under a minute: a debug build and the tests that need no keyring, shell or client
	@.ci/setup build
	@DAYPASS_CHECK=yes Tests/run $(SWIFT) test --skip ShellRoundTripTests

.PHONY: test
test: ## every test, of the release binaries, with real keyrings, shells and clients (about 5 minutes after the build)
	@.ci/setup test
	$(BUILD_BINARY)
	@DAYPASS_RELEASE=$(CURDIR)/.build/release Tests/run $(SWIFT) test

.PHONY: lint
lint: ## check the formatting, as every commit must pass it
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

.PHONY: recording
recording: ## play the main commands at a terminal and draw what it shows: .github/demo.svg, for the README
	@.ci/setup test
	$(BUILD_BINARY)
	$(SWIFT) build --product aws-double
	@Tests/Demo/record $(BINARY) .build/debug/aws-double .github/demo.svg

##@ Try it hard
.PHONY: soak
soak: ## every test, with many more rounds of what seldom goes wrong (an hour)
	@.ci/setup test
	@.ci/setup soak
	$(BUILD_BINARY)
	@DAYPASS_SOAK=yes DAYPASS_RELEASE=$(CURDIR)/.build/release Tests/run $(SWIFT) test

# Installed, as secret-tool and curl are: where the linker has written a program, the kernel keeps its pages one by one, and
# each start takes half a millisecond longer.
.PHONY: bench
bench: ## measure the speed against secret-tool, curl and aws-vault; writes Tests/Benchmarks/results.md
	@.ci/setup bench
	$(BUILD_BINARY)
	$(SWIFT) build --product aws-double
	@$(MAKE) --no-print-directory install DESTDIR= PREFIX="$(CURDIR)/.build/installed"
	@PATH="$(CURDIR)/.build/python/bin:$$PATH" \
		Tests/Benchmarks/bench $(BENCH_OPTIONS) .build/installed/bin/daypass .build/debug/aws-double

.PHONY: tables
tables: ## write what make test (or make soak) and make bench measured last into daypass-security(7)
	@Tests/tables

# Both sanitizers in one flag: given apart, libFuzzer gets no coverage and finds nothing. gold cannot link the program.
FUZZ_RUNS ?= 1000000
FUZZ_FLAGS = -c release --product fuzz --scratch-path .build/fuzz -Xswiftc -enable-testing \
	-Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
FUZZ_PROGRAM = .build/fuzz/release/fuzz

.PHONY: fuzz
fuzz: ## fuzz each parser and format with FUZZ_RUNS inputs (1 000 000), under AddressSanitizer
	@.ci/setup build
	DAYPASS_FUZZ=yes $(SWIFT) build $(FUZZ_FLAGS)
	@Tests/Fuzz/run $(FUZZ_PROGRAM) $(FUZZ_RUNS)

.PHONY: fuzz-check
fuzz-check: ## prove that each fuzz target finds a bug planted in it within a minute
	@.ci/setup build
	DAYPASS_FUZZ=planted $(SWIFT) build $(FUZZ_FLAGS)
	@Tests/Fuzz/run $(FUZZ_PROGRAM) planted

##@ Other
.PHONY: clean
clean: ## remove everything that was built
	rm -rf .build

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s  %s\n", $$1, $$2 }' Makefile
