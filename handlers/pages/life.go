package pages

import (
	"pointstore/handlers/web"
	"pointstore/models"
)

// routesLife is what happens to an award between the act and the wall.
func (p *Pages) routesLife(r Routes) {
	grant, see := web.Staff(models.GrantPoints), web.Staff(models.SeeHouseholds)
	check, review := web.Staff(models.CheckClaims), web.Staff(models.ReviewAwards)

	r.Get("/me/claims", web.Household, p.MyClaims)
	r.Post("/me/claims", web.Household, p.MakeClaim, web.Upload)
	r.Get("/me/claims/new", web.Household, p.NewClaim)
	r.Post("/me/claims/:award", web.Household, p.CompleteClaim)
	r.Post("/me/claims/:award/withdraw", web.Household, p.WithdrawClaim)

	r.Get("/committee/check", check, p.CommitteeCheck)
	r.Post("/committee/check", check, p.CheckClaims)

	r.Get("/committee/meetings", review, p.CommitteeMeetings)
	r.Post("/committee/meetings", review, p.OpenMeeting)
	r.Get("/committee/meetings/new", review, p.NewMeeting)
	r.Get("/committee/meetings/:meeting", review, p.CommitteeMeeting)
	r.Post("/committee/meetings/:meeting", review, p.DecideMeeting)
	r.Get("/committee/meetings/:meeting/edit", review, p.EditMeeting)
	r.Post("/committee/meetings/:meeting/edit", review, p.SaveMeeting)
	r.Post("/committee/meetings/:meeting/close", review, p.CloseMeeting, web.Upload)
	r.Get("/committee/meetings/:meeting/print", review, p.PrintMeeting)

	r.Get("/committee/second", review, p.CommitteeSecond)
	r.Post("/committee/second", review, p.ApproveSecond)

	r.Get("/committee/deductions", grant, p.CommitteeDeductions)
	r.Get("/committee/awards/:award", see, p.AwardSteps)
	r.Post("/committee/awards/:award", grant, p.CompleteAward)
	r.Get("/committee/awards/:award/telling", grant, p.PrintTelling)
}
