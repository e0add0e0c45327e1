# What can be done with this repository. Each recipe longer than two lines is a script.
.PHONY: help demo build test check bench docs outside fuzz sanitize lint clean

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

demo: ## Set up, build, and sort a small event of sample photos
	@Scripts/demo

build: ## Build the release: .build/release/facesort
	@Scripts/setup
	@Scripts/swift build --product facesort

test: ## Set up and run every test
	@Scripts/test

check: ## Run the fast tests (under two minutes once built)
	@Scripts/check

bench: ## Measure beside face_recognition (QUICK=1: a few photos only; LARGE=1: 3000 more)
	@Scripts/benchmark $(if $(QUICK),--quick) $(if $(LARGE),--large)

docs: ## Make a site of the documentation, .build/docs
	@Scripts/swift build --product facesort
	@Scripts/docs

outside: ## Sort with a package that depends on a version of this one
	@Scripts/outside-package

fuzz: ## Feed mutated pictures to the decoders, and hostile albums to the commands
	@Scripts/fuzz
	@Scripts/fuzz-state

sanitize: ## Run the tests of the native code under the address sanitizer
	@Scripts/sanitize

lint: ## Check layout and scripts
	@Scripts/lint

clean: ## Remove what was built; models, samples and demo albums stay
	@swift package clean && rm -rf .build/fuzz .build/docs .build/outside
