package main

import "errors"

// loadCommand measures a server that it starts itself.
type loadCommand struct{}

func (loadCommand) Run() error { return errors.New("later") }
