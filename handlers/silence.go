package handlers

import (
	"errors"
	"net"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// leaveSilently closes a connection that broke or fell asleep without a word.
// A browser opens connections ahead of need; one that was answered before
// anything was asked would show that answer in place of the next page.
func leaveSilently(app *fiber.App) {
	server := app.Server()
	answer := server.ErrorHandler
	server.ErrorHandler = func(ctx *fasthttp.RequestCtx, err error) {
		if gone := net.Error(nil); errors.As(err, &gone) {
			_ = ctx.Conn().Close() // what it answers has nobody to read it
			return
		}
		answer(ctx, err)
	}
}
